import type { DeployedService } from "../../packages/embedded-aws/ecs/definition";

/** A deployed service whose container runs its image's program. */
export function deployedService(desiredCount: number): DeployedService {
  return {
    cluster: "cluster",
    name: "processor",
    desiredCount,
    family: "processor",
    cpu: 256,
    memory: 512,
    roleArn: "arn:role",
    executionRoleArn: "arn:execution",
    container: {
      name: "processor",
      command: [],
      environment: {},
      port: 8080,
      stopTimeout: 1,
      logGroup: "/processor",
      mountPath: "/work",
    },
  };
}
