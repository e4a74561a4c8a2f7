import { APIGatewayClient, GetStageCommand } from "@aws-sdk/client-api-gateway";
import type { AwsClientConfig } from "../client";
import type { LambdaService } from "../lambda/service";
import { Gateway } from "./gateway";

/** Milliseconds for which the stage's deployment is taken as known. */
const fresh = 2_000;

export interface StagePlace {
  readonly accountId: string;
  readonly id: string;
  readonly stage: string;
}

/**
 * Follows a stage: the returned function gives the gateway of its present deployment, so that what is deployed while
 * `npm start` runs is served at once. While a new deployment can't be read, the last one is served.
 */
export async function followStage(
  config: AwsClientConfig,
  service: LambdaService,
  place: StagePlace,
): Promise<() => Promise<Gateway>> {
  const client = new APIGatewayClient(config);
  let gateway = await Gateway.load(config, service, place);
  let looked = Date.now();
  return async () => {
    if (Date.now() - looked < fresh) return gateway;
    looked = Date.now();
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
