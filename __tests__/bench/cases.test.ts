import { caseNames, findCase } from "../../bench/find";
import { grown } from "../../bench/grown";
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

  it("have any number of valid environments, each in a separate account", () => {
    const all = grown(100);
    expect(() => checkEnvironments(all)).not.toThrow();
    expect(new Set(all.map(({ account }) => account)).size).toBe(100);
  });
});
