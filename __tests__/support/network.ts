import type { BaseStack } from "../../stacks/base-stack";
import { NodeFunction } from "../../stacks/constructs/compute/node-function";
import { Network } from "../../stacks/constructs/network/network";
import type { NetworkSettings } from "../../stacks/constructs/network/settings";

export const logs = { retentionDays: 14 };
export const here = { region: "us-east-1", account: "123456789012" };

/** A network of two zones for the construct under test. */
export function networkIn(stack: BaseStack, settings: Partial<NetworkSettings> = {}): Network {
  return new Network(stack, "network", {
    cidr: "10.0.0.0/16",
    zones: ["us-east-1a", "us-east-1b"],
    nat: "none",
    endpoints: ["sqs"],
    endpointZones: "all",
    flowLogs: "REJECT",
    region: here.region,
    logs,
    ...settings,
  });
}

/** The smallest function, in its own network, for constructs that call one. */
export function functionIn(stack: BaseStack, id: string): NodeFunction<Record<string, never>> {
  const network = networkIn(stack);
  return new NodeFunction(stack, id, {
    handler: "media",
    description: "Does nothing",
    ...here,
    network,
    logs,
    memory: 256,
    timeout: "10 seconds",
    environment: {},
    permissions: [],
    connections: network.awsServices,
  });
}
