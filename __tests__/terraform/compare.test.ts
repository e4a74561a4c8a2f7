import { spawnSync } from "node:child_process";
import { environmentNames } from "../../cli/lib/environment";

/** `npm run compare` on the committed environments. */
function compare(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const command = ["--import", "tsx", "commands.ts", "compare", ...args];
  return spawnSync(process.execPath, command, { encoding: "utf8", maxBuffer: 2 ** 26 });
}

test("every difference between staging and prod is meant by a setting", () => {
  const { status, stdout } = compare("staging", "prod");
  expect(stdout).toMatch(
    /^staging and prod: \d+ settings differ, \d+ attributes and resources; 0 unexplained/,
  );
  expect(stdout).not.toContain("several settings together");
  expect(stdout).toContain('network.nat: "one" → "perZone"\n  + aws_eip.network_nat_b_address');
  expect(status).toBe(0);
});

test("an environment that does not exist is refused with those that do", () => {
  const { status, stderr } = compare("staging", "nowhere");
  expect(status).toBe(2);
  expect(stderr).toContain(`ENVIRONMENT must be one of ${environmentNames.join(", ")}, got "nowhere"`);
});
