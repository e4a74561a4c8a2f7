import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EcsService } from "../../../../packages/embedded-aws/ecs/service";
import { RoleCredentials } from "../../../../packages/embedded-aws/lambda/credentials";
import { clientConfig } from "../../../../packages/embedded-aws/client";
import { deployedService } from "../../../support/deployed-service";

const folder = mkdtempSync(join(tmpdir(), "streamflow-service-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("starts nothing once it is stopped: a look at the queue may end after that", async () => {
  const aws = clientConfig("http://127.0.0.1:1", "us-east-1");
  const service = await EcsService.start(deployedService(0), {
    aws,
    credentials: new RoleCredentials(aws),
    hosts: {},
    xrayAddress: "127.0.0.1:1",
    certificates: "",
    folder,
    logFile: join(folder, "tasks.log"),
    nodeMajor: Number(process.versions.node.split(".")[0]),
    writeProgram: () => "",
  });
  await service.stop();
  await service.scale(1);
  expect(service.running).toBe(0);
});
