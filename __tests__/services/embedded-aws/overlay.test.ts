import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectFolder } from "../../../packages/cli-kit/paths";
import { motoPython } from "../../../packages/embedded-aws/programs/moto";

test("the overlay's own tests pass", async () => {
  const { python } = await motoPython(() => undefined);
  const { status, stderr } = spawnSync(
    python,
    ["-m", "unittest", "discover", "-s", "overlay/tests", "-t", "."],
    {
      cwd: join(projectFolder, "packages/embedded-aws"),
      encoding: "utf8",
    },
  );
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  expect(stderr).toMatch(/Ran \d{2,} tests/);
});
