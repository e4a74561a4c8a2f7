"""One planted request for each constraint, and the same request as AWS accepts it."""

from __future__ import annotations

import json
import unittest
from typing import Any, Callable, Dict, List, NamedTuple, Set

from botocore.exceptions import ClientError

from overlay.constraints import BY_OPERATION

from .test_overlay import WithServer, zipped

Parameters = Dict[str, Any]


class Planted(NamedTuple):
    """A request that AWS accepts, and the change for which AWS refuses it."""

    constraint: str
    service: str
    method: str
    right: Parameters
    fault: Parameters
    code: str


TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}


def trusting(service: str, padding: int = 0) -> str:
    statement = {**TRUST["Statement"][0], "Principal": {"Service": service}, "Sid": "x" * padding}
    return json.dumps({**TRUST, "Statement": [statement]})


def allowing(padding: int) -> str:
    return json.dumps({**POLICY, "Statement": [{**POLICY["Statement"][0], "Sid": "x" * padding}]})


class Constraints(WithServer, unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.count = 0
        self.ec2 = self.server.client("ec2")
        self.iam = self.server.client("iam")
        self.s3 = self.server.client("s3")

    def name(self) -> str:
        """A name that no other request has."""
        self.count += 1
        return f"{self._testMethodName[:20].replace('_', '-')}-{self.count}".strip("-")

    def network(self, gateway: bool = True) -> List[str]:
        """Subnets of a VPC in two zones, and one more in the first."""
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        if gateway:
            made = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
            self.ec2.attach_internet_gateway(InternetGatewayId=made, VpcId=vpc)
        zones = ["us-east-1a", "us-east-1b", "us-east-1a"]
        return [
            self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
            for index, zone in enumerate(zones)
        ]

    def role(self, service: str = "lambda.amazonaws.com") -> str:
        return self.iam.create_role(RoleName=self.name(), AssumeRolePolicyDocument=trusting(service))["Role"]["Arn"]

    def bucket(self, versions: bool = True) -> str:
        name = self.name()
        self.s3.create_bucket(Bucket=name)
        if versions:
            self.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return name

    def check(self, *planted: Planted) -> None:
        """Each planted request is refused with its code, and accepted without its fault."""
        for one in planted:
            with self.subTest(one.constraint):
                call: Callable = getattr(self.server.client(one.service), one.method)
                with self.assertRaises(ClientError) as refused:
                    call(**{**one.right, **one.fault})
                self.assertEqual(refused.exception.response["Error"]["Code"], one.code)
                call(**one.right)
                CHECKED.add(one.constraint)

    def test_databases(self) -> None:
        first, second, third = self.network()

        def instance(constraint: str, fault: Parameters, code: str, **more: Any) -> Planted:
            right = {
                **{"DBInstanceIdentifier": self.name(), "Engine": "postgres", "EngineVersion": "17"},
                **{"DBInstanceClass": "db.t4g.micro", "AllocatedStorage": 20, "StorageType": "gp3"},
                **{"MasterUsername": "planted", "MasterUserPassword": "planted-password", **more},
            }
            return Planted(constraint, "rds", "create_db_instance", right, fault, code)

        def group(constraint: str, fault: Parameters, code: str, **more: Any) -> Planted:
            right = {
                **{"ReplicationGroupId": self.name(), "ReplicationGroupDescription": "planted", "Engine": "redis"},
                **{"CacheNodeType": "cache.t4g.micro", "NumCacheClusters": 2, **more},
            }
            return Planted(constraint, "elasticache", "create_replication_group", right, fault, code)

        combination, value = "InvalidParameterCombination", "InvalidParameterValue"
        backup = {"PreferredBackupWindow": "03:00-04:00", "PreferredMaintenanceWindow": "sun:05:00-sun:06:00"}
        self.check(
            instance("windows_last_half_an_hour", {"PreferredBackupWindow": "03:00-03:20"}, value, **backup),
            instance("storage_takes_performance_settings", {"AllocatedStorage": 100}, combination, AllocatedStorage=400, Iops=12_000),
            instance("monitoring_has_a_role", {"MonitoringInterval": 60}, combination),
            instance("storage_can_grow", {"MaxAllocatedStorage": 109}, combination, AllocatedStorage=100, MaxAllocatedStorage=110),
            instance("backups_are_kept_for_35_days_at_most", {"BackupRetentionPeriod": 36}, value, BackupRetentionPeriod=35),
            Planted(
                "subnets_are_in_two_zones",
                *("rds", "create_db_subnet_group"),
                {"DBSubnetGroupName": self.name(), "DBSubnetGroupDescription": "planted", "SubnetIds": [first, second]},
                {"SubnetIds": [first, third]},
                "DBSubnetGroupDoesNotCoverEnoughAZs",
            ),
            group("failover_needs_a_replica", {"NumCacheClusters": 1}, combination, AutomaticFailoverEnabled=True),
            group("several_zones_need_failover", {"AutomaticFailoverEnabled": False}, combination, AutomaticFailoverEnabled=True, MultiAZEnabled=True),
            group("snapshots_are_kept_for_35_days_at_most", {"SnapshotRetentionLimit": 36}, value),
        )

    def test_groups_of_an_instance_are_deleted_after_it(self) -> None:
        rds = self.server.client("rds")
        first, second, _ = self.network()
        vpc = self.ec2.describe_subnets(SubnetIds=[first])["Subnets"][0]["VpcId"]
        security = self.ec2.create_security_group(GroupName=self.name(), Description="planted", VpcId=vpc)["GroupId"]
        subnets, instance = self.name(), self.name()
        rds.create_db_subnet_group(DBSubnetGroupName=subnets, DBSubnetGroupDescription="planted", SubnetIds=[first, second])
        rds.create_db_instance(
            **{"DBInstanceIdentifier": instance, "Engine": "postgres", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": 20},
            **{"MasterUsername": "planted", "MasterUserPassword": "planted-password"},
            **{"DBSubnetGroupName": subnets, "VpcSecurityGroupIds": [security]},
        )
        # As a restore does: the group is that of the renamed instance too.
        rds.modify_db_instance(DBInstanceIdentifier=instance, NewDBInstanceIdentifier=f"{instance}-replaced", ApplyImmediately=True)

        def refused(delete: Callable, **named: str) -> Dict[str, str]:
            with self.assertRaises(ClientError) as caught:
                delete(**named)
            return caught.exception.response["Error"]

        error = refused(rds.delete_db_subnet_group, DBSubnetGroupName=subnets)
        self.assertEqual(error["Code"], "InvalidDBSubnetGroupStateFault")
        self.assertIn(f"at least one database instance: {instance}-replaced is still using it", error["Message"])
        error = refused(self.ec2.delete_security_group, GroupId=security)
        self.assertEqual((error["Code"], error["Message"]), ("DependencyViolation", f"resource {security} has a dependent object"))
        rds.modify_db_instance(DBInstanceIdentifier=f"{instance}-replaced", DeletionProtection=False, ApplyImmediately=True)
        rds.delete_db_instance(DBInstanceIdentifier=f"{instance}-replaced", SkipFinalSnapshot=True)
        rds.delete_db_subnet_group(DBSubnetGroupName=subnets)
        self.ec2.delete_security_group(GroupId=security)
        CHECKED.update({"subnet_group_has_no_instances", "security_group_has_no_instances"})

    def test_what_moto_refuses_itself_is_left_to_it(self) -> None:
        with self.assertRaises(ClientError) as refused:
            self.server.client("rds").create_db_subnet_group(DBSubnetGroupName="a", DBSubnetGroupDescription="a", SubnetIds=["subnet-1"])
        self.assertEqual(refused.exception.response["ResponseMetadata"]["HTTPStatusCode"], 400)

    def test_compute(self) -> None:
        def function(constraint: str, fault: Parameters) -> Planted:
            right = {
                **{"FunctionName": self.name(), "Runtime": "nodejs22.x", "Handler": "index.handler"},
                **{"Role": self.role(), "Code": {"ZipFile": zipped("exports.handler = 1")}},
            }
            return Planted(constraint, "lambda", "create_function", right, fault, "InvalidParameterValueException")

        def task(constraint: str, fault: Parameters, **more: Any) -> Planted:
            right = {
                **{"family": self.name(), "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc"},
                **{"cpu": "256", "memory": "512", "executionRoleArn": self.role("ecs-tasks.amazonaws.com")},
                **{"containerDefinitions": [{"name": "planted", "image": "planted"}], **more},
            }
            return Planted(constraint, "ecs", "register_task_definition", right, fault, "ClientException")

        logs = {"logDriver": "awslogs", "options": {"awslogs-group": "planted", "awslogs-region": "us-east-1"}}
        without_role = task("fargate_has_a_role_to_log", {"containerDefinitions": [{"name": "planted", "image": "planted", "logConfiguration": logs}]})
        del without_role.right["executionRoleArn"]
        self.check(
            function("variables_are_not_reserved", {"Environment": {"Variables": {"AWS_REGION": "us-east-1"}}}),
            function("variables_fit", {"Environment": {"Variables": {"LONG": "x" * 4_096}}}),
            function("role_trusts_lambda", {"Role": self.role("ecs-tasks.amazonaws.com")}),
            task("fargate_offers_the_size", {"memory": "8192"}),
            task("fargate_has_an_interface_of_its_own", {"networkMode": "bridge"}),
            without_role,
            task("fargate_offers_the_disk", {"ephemeralStorage": {"sizeInGiB": 201}}),
            Planted(
                "capacities_are_in_order",
                *("application-autoscaling", "register_scalable_target"),
                {
                    **{"ServiceNamespace": "dynamodb", "ResourceId": "table/planted"},
                    **{"ScalableDimension": "dynamodb:table:ReadCapacityUnits", "MinCapacity": 1, "MaxCapacity": 2},
                },
                {"MinCapacity": 3},
                "ValidationException",
            ),
        )

    def test_linked_roles(self) -> None:
        """Each creation is refused while the account lacks the role, and accepted with it."""
        cluster = self.name()
        ecs = self.server.client("ecs")
        ecs.create_cluster(clusterName=cluster)
        ecs.register_task_definition(family=cluster, containerDefinitions=[{"name": "planted", "image": "planted", "memory": 128}])
        instance = {
            **{"DBInstanceIdentifier": self.name(), "Engine": "postgres", "DBInstanceClass": "db.t4g.micro"},
            **{"AllocatedStorage": 20, "MasterUsername": "planted", "ManageMasterUserPassword": True},
        }
        group = {"ReplicationGroupId": self.name(), "ReplicationGroupDescription": "planted", "Engine": "redis", "NumCacheClusters": 1}
        service = {"cluster": cluster, "serviceName": self.name(), "taskDefinition": cluster, "desiredCount": 0}
        target = {
            **{"ServiceNamespace": "dynamodb", "ResourceId": "table/linked", "MinCapacity": 1, "MaxCapacity": 2},
            "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
        }
        scaling = "dynamodb.application-autoscaling.amazonaws.com"
        lacking = [
            ("rds.amazonaws.com", Planted("database_has_a_service_linked_role", "rds", "create_db_instance", instance, {}, "InvalidParameterValue")),
            ("elasticache.amazonaws.com", Planted("cache_has_a_service_linked_role", "elasticache", "create_replication_group", group, {}, "ServiceLinkedRoleNotFoundFault")),
            ("ecs.amazonaws.com", Planted("container_service_has_a_service_linked_role", "ecs", "create_service", service, {}, "InvalidParameterException")),
            (scaling, Planted("scaling_has_a_service_linked_role", "application-autoscaling", "register_scalable_target", target, {}, "ValidationException")),
        ]
        for owner, one in lacking:
            with self.subTest(one.constraint):
                [role] = self.iam.list_roles(PathPrefix=f"/aws-service-role/{owner}/")["Roles"]
                self.iam.delete_service_linked_role(RoleName=role["RoleName"])
                call: Callable = getattr(self.server.client(one.service), one.method)
                with self.assertRaises(ClientError) as refused:
                    call(**one.right)
                self.assertEqual(refused.exception.response["Error"]["Code"], one.code)
                self.iam.create_service_linked_role(AWSServiceName=owner)
                call(**one.right)
                CHECKED.add(one.constraint)

    def test_network(self) -> None:
        first, second, third = self.network()
        private = self.network(gateway=False)
        address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        # CloudFront's list in us-east-1, as stacks name it: without asking for it.
        cloudfront = "pl-3b927c52"
        vpc = self.ec2.describe_subnets(SubnetIds=[first])["Subnets"][0]["VpcId"]
        group = self.ec2.create_security_group(GroupName=self.name(), Description="planted", VpcId=vpc)["GroupId"]

        def permission(port: int, *ids: str) -> Parameters:
            return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "PrefixListIds": [{"PrefixListId": one} for one in ids]}

        self.check(
            Planted(
                "nat_gateway_reaches_the_internet",
                *("ec2", "create_nat_gateway"),
                {"SubnetId": first, "AllocationId": address},
                {"SubnetId": private[0]},
                "Gateway.NotAttached",
            ),
            Planted(
                "public_balancer_reaches_the_internet",
                *("elbv2", "create_load_balancer"),
                {"Name": self.name()[:32], "Subnets": [first, second]},
                {"Subnets": private[:2]},
                "InvalidSubnet",
            ),
            Planted(
                "balancer_is_in_two_zones",
                *("elbv2", "create_load_balancer"),
                {"Name": self.name()[:32], "Subnets": [first, second]},
                {"Subnets": [first, third]},
                "ValidationError",
            ),
            Planted(
                "rules_fit_into_the_group",
                *("ec2", "authorize_security_group_ingress"),
                {"GroupId": group, "IpPermissions": [permission(443, cloudfront)]},
                {"IpPermissions": [permission(443, cloudfront), permission(80, cloudfront)]},
                "RulesPerSecurityGroupLimitExceeded",
            ),
            Planted(
                "prefix_lists_exist",
                *("ec2", "authorize_security_group_egress"),
                {"GroupId": group, "IpPermissions": [permission(443, cloudfront)]},
                {"IpPermissions": [permission(443, "pl-00000000")]},
                "InvalidPrefixListID.NotFound",
            ),
        )

    def test_edge(self) -> None:
        def distribution(constraint: str, fault: Parameters, code: str) -> Planted:
            config: Parameters = {
                **{"CallerReference": self.name(), "Comment": "planted", "Enabled": True},
                "Origins": {"Quantity": 1, "Items": [{"Id": "one", "DomainName": "one.example", "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}}]},
                "DefaultCacheBehavior": {"TargetOriginId": "one", "ViewerProtocolPolicy": "https-only", "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"},
            }
            right = {"DistributionConfig": config}
            planted = {"DistributionConfig": {**config, **fault}}
            return Planted(constraint, "cloudfront", "create_distribution", right, planted, code)

        def acl(constraint: str, fault: Parameters, **more: Any) -> Planted:
            visibility = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "planted"}
            rules = [
                {"Name": f"rule{index}", "Priority": index, "Action": {"Block": {}}, "Statement": {"GeoMatchStatement": {"CountryCodes": ["AQ"]}}, "VisibilityConfig": visibility}
                for index in range(2)
            ]
            right = {"Name": self.name(), "Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "VisibilityConfig": visibility, "Rules": rules, **more}
            twice = {"Rules": [rules[0], {**rules[1], "Priority": 0}]}
            return Planted(constraint, "wafv2", "create_web_acl", right, fault or twice, "WAFInvalidParameterException")

        certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
        viewer = {"ViewerCertificate": {"ACMCertificateArn": certificate, "SSLSupportMethod": "sni-only"}}
        regional = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/planted/12345678-1234-1234-1234-123456789012"
        route53 = self.server.client("route53")
        zone = route53.create_hosted_zone(Name="zone.example", CallerReference=self.name())["HostedZone"]["Id"]

        def record(constraint: str, name: str, kind: str) -> Planted:
            def batch(name: str, kind: str) -> Parameters:
                value = {"Value": "192.0.2.1" if kind == "A" else "other.example"}
                change = {"Action": "UPSERT", "ResourceRecordSet": {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [value]}}
                return {"ChangeBatch": {"Changes": [change]}}

            right = {"HostedZoneId": zone, **batch("a.zone.example", "A")}
            return Planted(constraint, "route53", "change_resource_record_sets", right, batch(name, kind), "InvalidChangeBatch")

        self.check(
            distribution("certificate_is_in_us_east_1", viewer, "InvalidViewerCertificate"),
            distribution("aliases_have_a_certificate", {"Aliases": {"Quantity": 1, "Items": ["a.example"]}}, "InvalidViewerCertificate"),
            distribution("web_acl_is_for_cloudfront", {"WebACLId": regional}, "InvalidWebACLId"),
            acl("rules_have_priorities_of_their_own", {}),
            record("the_zone_itself_has_no_cname", "zone.example", "CNAME"),
        )

    def test_web_acls_of_cloudfront_are_its_own(self) -> None:
        visibility = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "planted"}
        new = {"Name": "planted", "Scope": "CLOUDFRONT", "DefaultAction": {"Allow": {}}, "VisibilityConfig": visibility}
        with self.assertRaises(ClientError) as refused:
            self.server.client("wafv2", region="eu-west-1").create_web_acl(**new)
        self.assertEqual(refused.exception.response["Error"]["Code"], "WAFInvalidParameterException")
        arn = self.server.client("wafv2").create_web_acl(**new)["Summary"]["ARN"]
        with self.assertRaises(ClientError) as refused:
            self.server.client("wafv2").associate_web_acl(WebACLArn=arn, ResourceArn="arn:aws:apigateway:us-east-1::/restapis/a/stages/b")
        self.assertEqual(refused.exception.response["Error"]["Code"], "WAFInvalidParameterException")
        CHECKED.update({"cloudfront_scope_is_in_us_east_1", "regional_resources_have_a_regional_acl"})

    def test_execution_logs_need_a_role_of_the_account(self) -> None:
        gateway = self.server.client("apigateway")
        api = gateway.create_rest_api(name="planted")
        resource = {"restApiId": api["id"], "resourceId": gateway.get_resources(restApiId=api["id"])["items"][0]["id"], "httpMethod": "GET"}
        gateway.put_method(**resource, authorizationType="NONE")
        gateway.put_integration(**resource, type="MOCK")
        gateway.create_deployment(restApiId=api["id"], stageName="planted")
        patch = {"op": "replace", "path": "/*/*/logging/loglevel", "value": "ERROR"}
        asked = {"restApiId": api["id"], "stageName": "planted", "patchOperations": [patch]}
        with self.assertRaises(ClientError) as refused:
            gateway.update_stage(**asked)
        self.assertEqual(refused.exception.response["Error"]["Code"], "BadRequestException")
        role = self.role("apigateway.amazonaws.com")
        gateway.update_account(patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": role}])
        gateway.update_stage(**asked)
        CHECKED.add("execution_logs_need_a_role_of_the_account")

    def test_identity(self) -> None:
        role = self.role().split("/")[-1]
        full = self.role().split("/")[-1]
        arns = [self.iam.create_policy(PolicyName=self.name(), PolicyDocument=json.dumps(POLICY))["Policy"]["Arn"] for _ in range(11)]
        for arn in arns[:10]:
            self.iam.attach_role_policy(RoleName=full, PolicyArn=arn)
        self.check(
            Planted("managed_policy_fits", "iam", "create_policy", {"PolicyName": self.name(), "PolicyDocument": allowing(10)}, {"PolicyDocument": allowing(6_144)}, "LimitExceeded"),
            Planted("inline_policies_fit", "iam", "put_role_policy", {"RoleName": role, "PolicyName": "a", "PolicyDocument": allowing(10)}, {"PolicyDocument": allowing(10_240)}, "LimitExceeded"),
            Planted("trust_policy_fits", "iam", "create_role", {"RoleName": self.name(), "AssumeRolePolicyDocument": trusting("lambda.amazonaws.com")}, {"AssumeRolePolicyDocument": trusting("lambda.amazonaws.com", 2_048)}, "LimitExceeded"),
            Planted("policies_of_a_role_are_few", "iam", "attach_role_policy", {"RoleName": role, "PolicyArn": arns[10]}, {"RoleName": full}, "LimitExceeded"),
        )

    def test_observability(self) -> None:
        logs = self.server.client("logs")
        group = self.name()
        logs.create_log_group(logGroupName=group)

        def alarm(constraint: str, fault: Parameters) -> Planted:
            right = {
                **{"AlarmName": self.name(), "Namespace": "planted", "MetricName": "planted", "Statistic": "Sum"},
                **{"Period": 60, "EvaluationPeriods": 5, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold"},
            }
            return Planted(constraint, "cloudwatch", "put_metric_alarm", right, fault, "ValidationError")

        def math() -> Planted:
            def queries(count: int) -> Parameters:
                metrics = [
                    {"Id": f"m{index}", "ReturnData": False, "MetricStat": {"Metric": {"Namespace": "planted", "MetricName": f"m{index}"}, "Period": 60, "Stat": "Sum"}}
                    for index in range(count)
                ]
                return {"Metrics": [{"Id": "worst", "Expression": "MAX(METRICS())", "ReturnData": True}, *metrics]}

            right = {"AlarmName": self.name(), "EvaluationPeriods": 1, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold", **queries(10)}
            return Planted("metrics_of_an_alarm_are_few", "cloudwatch", "put_metric_alarm", right, queries(11), "LimitExceeded")

        self.check(
            Planted("retention_is_one_of_the_offered", "logs", "put_retention_policy", {"logGroupName": group, "retentionInDays": 30}, {"retentionInDays": 31}, "InvalidParameterException"),
            math(),
            alarm("period_is_of_minutes", {"Period": 90}),
            alarm("evaluation_ends_within_a_day_or_a_week", {"EvaluationPeriods": 1_441}),
            alarm("breaches_are_within_the_evaluation", {"DatapointsToAlarm": 6}),
        )

    def test_storage(self) -> None:
        bucket, other, plain = self.bucket(), self.bucket(), self.bucket(versions=False)
        self.s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"BlockPublicPolicy": True})
        self.s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})

        def lifecycle(constraint: str, fault: Parameters) -> Planted:
            def rules(**changed: Any) -> Parameters:
                transition = {"Days": 30, "StorageClass": "STANDARD_IA"}
                rule = {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": ""}, "Transitions": [transition], "Expiration": {"Days": 60}}
                return {"LifecycleConfiguration": {"Rules": [{**rule, **changed}]}}

            return Planted(constraint, "s3", "put_bucket_lifecycle_configuration", {"Bucket": bucket, **rules()}, rules(**fault), "InvalidArgument")

        def policy(principal: Any) -> str:
            return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*", "Principal": principal}]})

        def replication(target: str) -> Parameters:
            rule = {"ID": "a", "Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""}, "DeleteMarkerReplication": {"Status": "Disabled"}, "Destination": {"Bucket": f"arn:aws:s3:::{target}"}}
            return {"ReplicationConfiguration": {"Role": self.role("s3.amazonaws.com"), "Rules": [rule]}}

        backup = self.server.client("backup")
        vault = self.name()
        backup.create_backup_vault(BackupVaultName=vault)

        def plan(end: int) -> Parameters:
            rule = {"RuleName": "a", "TargetBackupVaultName": vault, "Lifecycle": {"MoveToColdStorageAfterDays": 10, "DeleteAfterDays": end}}
            return {"BackupPlan": {"BackupPlanName": vault, "Rules": [rule]}}

        self.check(
            lifecycle("infrequent_access_begins_after_30_days", {"Transitions": [{"Days": 29, "StorageClass": "STANDARD_IA"}]}),
            lifecycle("objects_expire_after_their_transitions", {"Expiration": {"Days": 30}}),
            Planted("public_policies_are_blocked", "s3", "put_bucket_policy", {"Bucket": bucket, "Policy": policy({"Service": "cloudfront.amazonaws.com"})}, {"Policy": policy("*")}, "AccessDenied"),
            Planted("enforced_ownership_takes_no_acl", "s3", "put_bucket_acl", {"Bucket": plain, "ACL": "private"}, {"Bucket": bucket}, "AccessControlListNotSupported"),
            Planted("replicas_have_versions", "s3", "put_bucket_replication", {"Bucket": bucket, **replication(other)}, replication(plain), "InvalidRequest"),
            Planted("cold_storage_lasts_90_days", "backup", "create_backup_plan", plan(100), plan(99), "InvalidParameterValueException"),
        )


# Constraints for which a planted request was refused.
CHECKED: Set[str] = set()


def tearDownModule() -> None:
    """Every constraint has a planted request."""
    declared = {one.constraint.__name__ for all in BY_OPERATION.values() for one in all}
    missing = sorted(declared - CHECKED)
    if missing:
        raise AssertionError(f"no planted request for {', '.join(missing)}")
