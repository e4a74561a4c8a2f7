import { caseNames, findCase } from "../../bench/find";
import { grown } from "../../bench/grown";
import { environments } from "../../stacks/environments";
import { checkEnvironments } from "../../stacks/settings";

describe("the cases of npm run bench", () => {
  it.each(caseNames())("%s is exported by the file of its name, and compares something", async (name) => {
    const { about, comparisons } = await findCase(name);
    expect(about).toMatch(/^\S.*[^.]$/);
    expect(comparisons.length).toBeGreaterThan(0);
  });

  it("fails on an unknown case", async () => {
    await expect(findCase("nothing")).rejects.toThrow(/nothing/);
  });

  it("have as many valid environments as they like, each added one in an account of its own", () => {
    const all = grown(100);
    expect(() => checkEnvironments(all)).not.toThrow();
    const accounts = (some: typeof all) => new Set(some.map(({ account }) => account)).size;
    expect(accounts(all)).toBe(accounts([...environments]) + 100 - environments.length);
  });
});
