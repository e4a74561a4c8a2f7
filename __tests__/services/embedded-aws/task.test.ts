import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../../packages/cli-kit/wait-until";
import { clientConfig } from "../../../packages/embedded-aws/client";
import { EcsService } from "../../../packages/embedded-aws/ecs/service";
import { RoleCredentials } from "../../../packages/embedded-aws/lambda/credentials";
import { NODE_MAJOR } from "../../../stacks/constructs/compute/function-code";
import { deployedService } from "../../support/deployed-service";
import { pretendNode } from "../../support/other-node";

const folder = mkdtempSync(join(tmpdir(), "streamflow-task-"));
const logFile = join(folder, "tasks.log");

afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a program that says its version of Node.js and goes on. */
function writeProgram(image: string): string {
  const file = join(image, "index.js");
  writeFileSync(file, "console.log(process.version); setInterval(() => undefined, 1_000);");
  return file;
}

test("a task runs with the Node.js of its image, whatever this machine has", async () => {
  pretendNode(18);
  // Nothing answers at this address; the lines are in the file all the same.
  const aws = clientConfig("http://127.0.0.1:1", "us-east-1");
  const service = await EcsService.start(deployedService(1), {
    aws,
    credentials: new RoleCredentials(aws),
    hosts: {},
    xrayAddress: "127.0.0.1:1",
    certificates: "",
    folder,
    logFile,
    nodeMajor: NODE_MAJOR,
    writeProgram,
  });
  const log = () => (existsSync(logFile) ? readFileSync(logFile, "utf8") : "");
  await until("the task has said its version", () => log().includes("\n"));
  await service.stop();
  expect(log()).toMatch(new RegExp(`^v${NODE_MAJOR}\\.`));
});
