import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsService, type EcsServiceNetworkConfiguration } from "@cdktf/provider-aws/lib/ecs-service";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Connection, Permission } from "../../lib/permissions";
import { physicalName } from "../../lib/names";
import type { LoadBalancer } from "../edge/load-balancer";
import type { Network } from "../network/network";
import type { ImagePlace } from "./image-repository";
import { ProcessorScaling } from "./processor-scaling";
import { PROCESSOR_PORT, ProcessorTask } from "./processor-task";
import { SecurityGroup } from "../network/security-group";
import type { WorkQueue } from "../data/work-queue";
import type { LogSettings, ProcessorSettings } from "./settings";

export interface ProcessorProps extends ProcessorSettings {
  readonly network: Network;
  readonly images: ImagePlace;
  readonly region: string;
  readonly logs: LogSettings;
  readonly queue: WorkQueue;
  readonly loadBalancer: LoadBalancer;
  readonly environment: Readonly<Record<string, string>>;
  readonly permissions: readonly Permission[];
  readonly connections: Readonly<Record<string, Connection>>;
  /** What must be done before its tasks run. */
  readonly after: readonly ITerraformDependable[];
}

/** The Fargate service that transcodes uploads, scaled by queue and CPU. */
export class Processor extends Construct {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly taskRoleArn: string;
  readonly taskDefinitionArn: string;
  /** The image of its tasks, with the tag. */
  readonly image: string;
  /** Its service, for `dependsOn` of what needs videos to become ready. */
  readonly resource: EcsService;

  constructor(scope: Construct, id: string, props: ProcessorProps) {
    super(scope, id);
    const cluster = new EcsCluster(this, "cluster", {
      name: physicalName(this, "ECS service"),
      setting: [{ name: "containerInsights", value: props.containerInsights ? "enabled" : "disabled" }],
    });
    const provider = props.spot ? "FARGATE_SPOT" : "FARGATE";
    const providers = new EcsClusterCapacityProviders(this, "capacity-providers", {
      clusterName: cluster.name,
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
      defaultCapacityProviderStrategy: [{ capacityProvider: provider, weight: 1 }],
    });
    const task = new ProcessorTask(this, "task", props);
    const service = new EcsService(this, "Default", {
      name: physicalName(this, "ECS service"),
      cluster: cluster.arn,
      taskDefinition: task.arn,
      platformVersion: "LATEST",
      capacityProviderStrategy: [{ capacityProvider: provider, weight: 1, base: 0 }],
      // Managed by the autoscaler after creation.
      desiredCount: props.minimumTasks,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      availabilityZoneRebalancing: "ENABLED",
      healthCheckGracePeriodSeconds: 60,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      networkConfiguration: this.reach(props),
      loadBalancer: [
        {
          targetGroupArn: props.loadBalancer.targetGroupArn,
          containerName: "processor",
          containerPort: PROCESSOR_PORT,
        },
      ],
      lifecycle: { ignoreChanges: ["desired_count"] },
      dependsOn: [providers, props.loadBalancer.listener, ...task.resources, ...props.after],
    });
    this.resource = service;
    this.clusterName = cluster.name;
    this.serviceName = service.name;
    this.taskRoleArn = task.roleArn;
    this.taskDefinitionArn = task.arn;
    this.image = task.image;
    new ProcessorScaling(this, "scaling", {
      ...props,
      clusterName: cluster.name,
      serviceName: service.name,
    });
  }

  /**
   * Network of the tasks: public subnets and addresses if there is no NAT; security groups allow no inbound traffic in
   * either case.
   */
  private reach({ network, connections, loadBalancer }: ProcessorProps): EcsServiceNetworkConfiguration {
    const group = new SecurityGroup(this, "security-group", {
      network,
      description: "Processor",
      connections: { ...connections, internet: { port: 443, protocol: "HTTPS", to: { cidr: "0.0.0.0/0" } } },
    });
    loadBalancer.securityGroup.connect("processor", {
      port: PROCESSOR_PORT,
      protocol: "HTTP",
      to: { securityGroupId: group.id },
    });
    return {
      subnets: network.hasNat ? network.privateSubnetIds : network.publicSubnetIds,
      securityGroups: [group.id],
      assignPublicIp: !network.hasNat,
    };
  }
}
