/**
 * An SROS 2 policy read independently of what writes it: for each enclave what it allows, `publish /camera/image_raw`, with
 * names made absolute as the templates of sros2 do.
 */
export function rulesOf(xml: string): ReadonlyMap<string, ReadonlySet<string>> {
  const enclaves = new Map<string, Set<string>>();
  let [enclave, namespace, node, rule] = ["", "", "", ""];
  for (const [, tag = "", attributes = "", text = ""] of xml.matchAll(/<(\w+)((?: \w+="[^"]*")*)>([^<]*)/g)) {
    const value = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
    if (tag === "enclave") enclave = value("path");
    else if (tag === "profile") [namespace, node] = [value("ns"), value("node")];
    else if (["topics", "services", "actions"].includes(tag))
      rule = /(\w+)="ALLOW"/.exec(attributes)?.[1] ?? "";
    else if (["topic", "service", "action"].includes(tag)) {
      const name = text.startsWith("/")
        ? text
        : `${namespace}/${text.startsWith("~") ? node + text.slice(1) : text}`;
      enclaves.set(enclave, (enclaves.get(enclave) ?? new Set()).add(`${rule} ${name}`));
    }
  }
  return enclaves;
}
