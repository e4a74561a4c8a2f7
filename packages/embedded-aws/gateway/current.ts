import { APIGatewayClient, GetStageCommand } from "@aws-sdk/client-api-gateway";
import type { AwsClientConfig } from "../client";
import type { LambdaService } from "../lambda/service";
import { Gateway } from "./gateway";

/** Cache lifetime of the stage's deployment in milliseconds. */
const DEPLOYMENT_CACHE_TTL_MS = 2_000;

export interface StagePlace {
  readonly accountId: string;
  readonly id: string;
  readonly stage: string;
}

/**
 * Follows a stage: the returned function returns the gateway of its current deployment, so that changes during `npm
 * start` are served immediately. If a new deployment can't be read, the previous one is served.
 */
export async function followStage(
  config: AwsClientConfig,
  service: LambdaService,
  place: StagePlace,
): Promise<() => Promise<Gateway>> {
  const client = new APIGatewayClient(config);
  let gateway = await Gateway.load(config, service, place);
  // Not the time of day, which a machine can set back.
  let looked = performance.now();
  return async () => {
    if (performance.now() - looked < DEPLOYMENT_CACHE_TTL_MS) return gateway;
    looked = performance.now();
    try {
      const { deploymentId } = await client.send(
        new GetStageCommand({ restApiId: place.id, stageName: place.stage }),
      );
      if (deploymentId !== gateway.definition.deploymentId)
        gateway = await Gateway.load(config, service, place);
    } catch {
      // it is being replaced
    }
    return gateway;
  };
}
