import { expect } from "chai";
import fc from "fast-check";
import { join, NameResolver, normalizeNamespace } from "../../../src/ros/names.ts";

const token = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/);
const path = fc.array(token, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join("/"));
const namespace = fc.option(path, { nil: "" }).map((tokens) => `/${tokens}`);

describe("names", () => {
  it("resolves to an absolute name in the place that its form says", () => {
    fc.assert(
      fc.property(namespace, token, path, (space, node, name) => {
        const names = new NameResolver(space, node);
        expect(names.resolve(name)).to.equal(join(space, name));
        expect(names.resolve(`~/${name}`)).to.equal(join(space, `${node}/${name}`));
        expect(names.resolve(`/${name}`)).to.equal(`/${name}`);
        expect(names.resolve("~")).to.equal(join(space, node));
      }),
    );
  });

  it("resolves what it has resolved to itself", () => {
    fc.assert(
      fc.property(namespace, token, path, (space, node, name) => {
        const names = new NameResolver(space, node);
        expect(names.resolve(names.resolve(name))).to.equal(names.resolve(name));
      }),
    );
  });

  it("refuses anything else with invalid_input", () => {
    const legal = /^(?:~|(?:~\/|\/)?[A-Za-z_]\w*(?:\/[A-Za-z_]\w*)*)$/;
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          path.map((name) => `${name}/`),
          path.map((name) => `//${name}`),
        ),
        (name) => {
          const resolve = (): string => new NameResolver("/", "node").resolve(name);
          if (legal.test(name)) expect(resolve()).to.match(/^\//);
          else expect(resolve).to.throw().with.property("code", "invalid_input");
        },
      ),
    );
  });

  it("applies the first remapping that matches, by whatever form of name", () => {
    const names = new NameResolver("/cam", "node", [
      { from: "/cam/a", to: "b" },
      { from: "a", to: "c" },
      { from: "~/p", to: "/q" },
    ]);
    expect(names.resolve("a")).to.equal("/cam/b");
    expect(names.resolve("/cam/node/p")).to.equal("/q");
    expect(names.resolve("b")).to.equal("/cam/b");
  });

  it("normalizes namespaces", () => {
    expect(["", "/", "cam", "/cam/", "/a/b"].map(normalizeNamespace)).to.deep.equal([
      "/",
      "/",
      "/cam",
      "/cam",
      "/a/b",
    ]);
  });
});
