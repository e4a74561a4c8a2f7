import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteNatGatewayCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { taggedResources } from "../../../cli/lib/tagged-resources";
import { clientConfig } from "../../../packages/embedded-aws/client";
import { type Emulator, startEmulator } from "../../../packages/embedded-aws/servers/emulator";

let folder: string;
let emulator: Emulator;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "streamflow-tagged-"));
  emulator = await startEmulator({ accountId: "111111111111", log: join(folder, "emulator.log") });
});
afterAll(async () => {
  await emulator.stop();
  rmSync(folder, { recursive: true });
});

test("a NAT gateway is found by its tags until it is deleted, though AWS lists it for an hour more", async () => {
  const config = clientConfig(emulator.endpoint, "us-east-1");
  const ec2 = new EC2Client(config);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const VpcId = Vpc?.VpcId;
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const { InternetGatewayId } = InternetGateway ?? {};
  await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId }));
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.0.0/20" }));
  const Tags = [
    { Key: "Project", Value: "streamflow" },
    { Key: "Environment", Value: "dev" },
  ];
  const created = await ec2.send(
    new CreateNatGatewayCommand({
      SubnetId: Subnet?.SubnetId,
      ConnectivityType: "private",
      TagSpecifications: [{ ResourceType: "natgateway", Tags }],
    }),
  );
  const { NatGatewayId = "" } = created.NatGateway ?? {};
  const found = () => taggedResources(config, { environment: "dev", regions: ["us-east-1"] });
  expect(await found()).toEqual([expect.stringMatching(new RegExp(`natgateway/${NatGatewayId}$`))]);
  await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId }));
  expect(await found()).toEqual([]);
});
