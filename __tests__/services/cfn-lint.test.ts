import { cfnLint, type Creation } from "../support/cfn-lint";

const REGION = "us-east-1";

const right: readonly Creation[] = [
  {
    operation: "rds.CreateDBInstance",
    parameters: {
      DBInstanceClass: "db.t4g.micro",
      Engine: "postgres",
      EngineVersion: "17",
      AllocatedStorage: 20,
      MasterUsername: "test",
      ManageMasterUserPassword: true,
    },
  },
  {
    operation: "elasticache.CreateReplicationGroup",
    parameters: {
      ReplicationGroupDescription: "A test",
      Engine: "redis",
      EngineVersion: "7.1",
      CacheNodeType: "cache.t4g.micro",
      NumCacheClusters: 1,
    },
  },
  {
    operation: "ecs.RegisterTaskDefinition",
    parameters: {
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "256",
      memory: "512",
      containerDefinitions: [{ name: "test", image: "test" }],
    },
  },
  {
    operation: "lambda.CreateFunction",
    parameters: {
      Role: "arn:aws:iam::111111111111:role/test",
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Code: {},
    },
  },
];

/** A creation with a parameter that AWS refuses, and what cfn-lint says of it. */
const PLANTED: readonly [operation: string, changed: Creation["parameters"], found: string][] = [
  ["rds.CreateDBInstance", { DBInstanceClass: "db.t4g.huge" }, "E3025 AWS::RDS::DBInstance DBInstanceClass"],
  ["rds.CreateDBInstance", { EngineVersion: "99.1" }, "E3691 AWS::RDS::DBInstance EngineVersion"],
  [
    "elasticache.CreateReplicationGroup",
    { CacheNodeType: "cache.t9.micro" },
    "E3647 AWS::ElastiCache::CacheCluster CacheNodeType",
  ],
  [
    "elasticache.CreateReplicationGroup",
    { EngineVersion: "7.9" },
    "E3695 AWS::ElastiCache::CacheCluster EngineVersion",
  ],
  ["ecs.RegisterTaskDefinition", { memory: "8192" }, "E3047 AWS::ECS::TaskDefinition"],
  ["lambda.CreateFunction", { Runtime: "nodejs22.y" }, "E3030 AWS::Lambda::Function Runtime"],
];

test("cfn-lint finds what AWS refuses, and nothing in what AWS accepts", async () => {
  const planted = PLANTED.map(([operation, changed]) => ({
    operation,
    parameters: { ...right.find((creation) => creation.operation === operation)?.parameters, ...changed },
  }));
  const found = await cfnLint([...right, ...planted], REGION);
  const missed = PLANTED.filter(([, , expected]) => !found.some((text) => text.startsWith(expected)));
  expect(missed).toEqual([]);
  expect(found).toHaveLength(PLANTED.length);
});
