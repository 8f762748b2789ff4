/** The searches by name, as parameters, goals and the command line call them. */
export const SEARCH_NAMES = [
  "learned",
  "paper",
  "sharpness",
  "fibonacci",
  "rule-based",
  "hill-climbing",
  "curve-fit",
  "coarse-fine",
] as const;

export type SearchName = (typeof SEARCH_NAMES)[number];

export function isSearchName(name: string): name is SearchName {
  return (SEARCH_NAMES as readonly string[]).includes(name);
}
