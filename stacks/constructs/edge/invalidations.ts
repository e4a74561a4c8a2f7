import { Construct } from "constructs";
import type { InvalidateEnvironment } from "../../../handlers/invalidate";
import { NodeFunction } from "../compute/node-function";
import type { LogSettings } from "../compute/settings";
import { WorkQueue } from "../data/work-queue";
import type { Edge } from "./edge";

export interface InvalidationsProps {
  readonly account: string;
  readonly region: string;
}

export interface InvalidateProps {
  /** Name of the environment. */
  readonly environment: string;
  readonly logs: LogSettings;
  readonly edge: Pick<Edge, "distributionId" | "distributionArn">;
}

/**
 * Invalidates CloudFront's copies of removed videos. The API and the processor send a message to a queue when a video's last object
 * is deleted, and before its row is: so the message is neither lost nor early. Events of S3 would be early: a video can
 * have more objects than one deletion takes, and CloudFront caches again what is not deleted yet.
 *
 * CloudFront's API has no VPC endpoint (https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html),
 * so a function outside of the VPC calls it, whose role can do nothing else.
 */
export class Invalidations extends Construct {
  readonly queue: WorkQueue;
  private readonly place: InvalidationsProps;

  constructor(scope: Construct, id: string, place: InvalidationsProps) {
    super(scope, id);
    this.place = place;
    this.queue = new WorkQueue(this, "queue", {
      ...place,
      // CloudFront refuses more than 15 paths in progress: what it refuses is tried again for ten hours.
      visibilityTimeout: "2 minutes",
      maxReceives: 300,
      deadLetterRetention: "14 days",
    });
  }

  /** The function that consumes the queue, of a distribution that is created after those who send to the queue. */
  of({ environment, logs, edge }: InvalidateProps) {
    const invalidate = new NodeFunction<InvalidateEnvironment>(this, "function", {
      ...this.place,
      logs,
      handler: "invalidate",
      description: "Invalidates CloudFront's copies of removed videos",
      memory: 256,
      timeout: "20 seconds",
      environment: { ENVIRONMENT: environment, LOG_LEVEL: "INFO", DISTRIBUTION_ID: edge.distributionId },
      permissions: [{ actions: ["cloudfront:CreateInvalidation"], resources: [edge.distributionArn] }],
    });
    // One attempt to call CloudFront may take eight seconds: a batch would not fit into the timeout.
    invalidate.consume(this.queue, { batchSize: 1, maxConcurrency: 2 });
    return { functionName: invalidate.functionName, queue: this.queue };
  }
}
