import * as cdk from "aws-cdk-lib";
import * as apigateway from "aws-cdk-lib/aws-apigateway";
import * as applicationautoscaling from "aws-cdk-lib/aws-applicationautoscaling";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as ecs from "aws-cdk-lib/aws-ecs";
import * as elasticache from "aws-cdk-lib/aws-elasticache";
import * as elbv2 from "aws-cdk-lib/aws-elasticloadbalancingv2";
import * as iam from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as rds from "aws-cdk-lib/aws-rds";
import * as sqs from "aws-cdk-lib/aws-sqs";
import * as wafv2 from "aws-cdk-lib/aws-wafv2";

/**
 * The first design's stack with its other fragments (role, web ACL, scaling, load balancer) in their original order,
 * changed only where it would not compile or deploy: the ECS cluster and service that it mentions but does not create,
 * a database with IAM authentication, the `name` of the ACL rule's metrics, and `scaleOnCpuUtilization`, which
 * `ScalableTarget` does not have.
 */
export class StreamFlowStack extends cdk.Stack {
  constructor(scope: cdk.App, id: string, props?: cdk.StackProps) {
    super(scope, id, props);

    // VPC
    const vpc = new ec2.Vpc(this, "StreamFlowVPC", {
      maxAzs: 2,
    });

    // RDS
    const database = new rds.DatabaseInstance(this, "Database", {
      engine: rds.DatabaseInstanceEngine.postgres({
        version: rds.PostgresEngineVersion.VER_14,
      }),
      vpc,
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.T3, ec2.InstanceSize.MICRO),
    });

    // ElastiCache
    const cache = new elasticache.CfnCacheCluster(this, "Cache", {
      engine: "redis",
      cacheNodeType: "cache.t3.micro",
      numCacheNodes: 1,
    });

    // API Gateway
    const api = new apigateway.RestApi(this, "StreamFlowAPI", {
      restApiName: "StreamFlow API",
      description: "API for StreamFlow platform",
    });

    // Lambda Functions
    const mediaFunction = new lambda.Function(this, "MediaFunction", {
      runtime: lambda.Runtime.NODEJS_20_X,
      handler: "index.handler",
      code: lambda.Code.fromAsset("lambda/media"),
      vpc,
      environment: {
        DATABASE_URL: database.instanceEndpoint.socketAddress,
        REDIS_URL: cache.attrRedisEndpointAddress,
      },
    });

    // SQS Queue
    const mediaQueue = new sqs.Queue(this, "MediaQueue", {
      visibilityTimeout: cdk.Duration.seconds(300),
    });

    // Integrations
    api.root.addResource("media").addMethod("GET", new apigateway.LambdaIntegration(mediaFunction));

    mediaQueue.grantSendMessages(mediaFunction);
    database.grantConnect(mediaFunction);

    // IAM
    const lambdaRole = new iam.Role(this, "LambdaRole", {
      assumedBy: new iam.ServicePrincipal("lambda.amazonaws.com"),
    });

    lambdaRole.addToPolicy(
      new iam.PolicyStatement({
        effect: iam.Effect.ALLOW,
        actions: ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"],
        resources: [mediaQueue.queueArn],
      }),
    );

    // WAF
    new wafv2.CfnWebACL(this, "StreamFlowWAF", {
      defaultAction: { allow: {} },
      scope: "REGIONAL",
      visibilityConfig: {
        cloudWatchMetricsEnabled: true,
        metricName: "StreamFlowWAF",
        sampledRequestsEnabled: true,
      },
      rules: [
        {
          name: "RateLimit",
          priority: 1,
          statement: {
            rateBasedStatement: {
              limit: 2000,
              aggregateKeyType: "IP",
            },
          },
          action: { block: {} },
          visibilityConfig: {
            cloudWatchMetricsEnabled: true,
            metricName: "RateLimit",
            sampledRequestsEnabled: true,
          },
        },
      ],
    });

    // Mentioned by the scaling and the load balancer, but not created
    const cluster = new ecs.Cluster(this, "Cluster", { vpc });
    const taskDefinition = new ecs.FargateTaskDefinition(this, "Task");
    taskDefinition.addContainer("Processor", {
      image: ecs.ContainerImage.fromRegistry("streamflow/processor"),
      portMappings: [{ containerPort: 80 }],
    });
    const service = new ecs.FargateService(this, "Service", { cluster, taskDefinition });

    // Auto Scaling
    const scaling = new applicationautoscaling.ScalableTarget(this, "ScalingTarget", {
      minCapacity: 1,
      maxCapacity: 10,
      resourceId: `service/${cluster.clusterName}/${service.serviceName}`,
      scalableDimension: "ecs:service:DesiredCount",
      serviceNamespace: applicationautoscaling.ServiceNamespace.ECS,
    });

    scaling.scaleToTrackMetric("CpuScaling", {
      predefinedMetric: applicationautoscaling.PredefinedMetric.ECS_SERVICE_AVERAGE_CPU_UTILIZATION,
      targetValue: 70,
      scaleInCooldown: cdk.Duration.seconds(60),
      scaleOutCooldown: cdk.Duration.seconds(60),
    });

    // Load Balancing
    const lb = new elbv2.ApplicationLoadBalancer(this, "LB", {
      vpc,
      internetFacing: true,
    });

    const listener = lb.addListener("Listener", {
      port: 80,
    });

    listener.addTargets("Target", {
      port: 80,
      targets: [service],
      healthCheck: {
        path: "/health",
      },
    });
  }
}
