"""The overlay with AWS clients, and its state after a restart."""

from __future__ import annotations

import io
import itertools
import json
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, Dict, List, Tuple

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

FOLDER = Path(__file__).resolve().parents[2]
ACCOUNT = "123456789012"


def put_in_parts(s3: Any, bucket: str, key: str, sizes: List[int]) -> None:
    upload = {"Bucket": bucket, "Key": key}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    parts = [
        {"PartNumber": number, "ETag": s3.upload_part(**upload, PartNumber=number, Body=bytes(size))["ETag"]}
        for number, size in enumerate(sizes, start=1)
    ]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})


class Server:
    """The overlay on a free port, with its state in a file."""

    def __init__(self, state: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.state = state
        self.clients: Dict[Tuple[str, str], Any] = {}
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "overlay", "--port", str(self.port), "--state-file", str(self.state)]
        self.process = subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            self.said = line
            if line.startswith("listening"):
                return
        raise AssertionError("the overlay did not start")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.process.stdout.close()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, service: str, region: str = "us-east-1", **options: Any) -> Any:
        """A client; those without options are made once, because boto3 takes a tenth of a second to make one."""
        if options:
            return self.new_client(service, region, **options)
        if (service, region) not in self.clients:
            self.clients[service, region] = self.new_client(service, region)
        return self.clients[service, region]

    def new_client(self, service: str, region: str, **options: Any) -> Any:
        config = Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}, **options)
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, endpoint_url=self.endpoint, region_name=region, config=config, **keys)


# Services that work by a role of their own, which a new account lacks.
LINKED = (
    *("ecs.amazonaws.com", "elasticache.amazonaws.com", "rds.amazonaws.com"),
    *("dynamodb.application-autoscaling.amazonaws.com", "ecs.application-autoscaling.amazonaws.com"),
)


# Lets Lambda assume a role.
LAMBDA_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
        ],
    }
)


def zipped(text: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("index.js", text)
    return content.getvalue()


class WithServer(unittest.TestCase):
    """Tests that share one server."""

    server: Server

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory()
        cls.server = Server(Path(cls.folder.name) / "state")
        iam = cls.server.client("iam")
        for service in LINKED:
            iam.create_service_linked_role(AWSServiceName=service)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.stop()
        cls.folder.cleanup()


class Overlay(WithServer):
    def test_an_unsupported_call_answers_501_at_once(self) -> None:
        began = time.monotonic()
        with self.assertRaises(ClientError) as raised:
            self.server.client("sqs").list_message_move_tasks(SourceArn=f"arn:aws:sqs:us-east-1:{ACCOUNT}:none")
        answer = raised.exception.response
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], 501)
        self.assertLess(time.monotonic() - began, 5)

    def test_an_unsupported_call_is_named_in_one_sentence_in_every_protocol(self) -> None:
        client = self.server.client
        calls = {
            # moto has the service, and not the action: JSON, query, EC2's own and REST
            "sqs ListMessageMoveTasks": lambda: client("sqs").list_message_move_tasks(SourceArn=f"arn:aws:sqs:us-east-1:{ACCOUNT}:none"),
            "sns ListOriginationNumbers": lambda: client("sns").list_origination_numbers(),
            "ec2 DescribeAddressTransfers": lambda: client("ec2").describe_address_transfers(),
            "xray PutEncryptionConfig": lambda: client("xray").put_encryption_config(Type="NONE"),
            "cloudfront CreateFunction": lambda: client("cloudfront").create_function(
                Name="f", FunctionConfig={"Comment": "", "Runtime": "cloudfront-js-2.0"}, FunctionCode=b"x"
            ),
            # moto does not have the service
            "apprunner CreateService": lambda: client("apprunner").create_service(ServiceName="name", SourceConfiguration={}),
        }
        for call, asked in calls.items():
            with self.subTest(call), self.assertRaises(ClientError) as raised:
                asked()
            answer = raised.exception.response
            self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], 501)
            self.assertRegex(answer["Error"]["Message"], f"^{call} can't run in this embedded AWS: add it to packages/")

    def test_a_queue_returns_its_redrive_policies_unchanged(self) -> None:
        sqs = self.server.client("sqs")
        letters = sqs.create_queue(QueueName="letters", Attributes={"RedriveAllowPolicy": '{"redrivePermission":"denyAll"}'})
        arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:letters"
        policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3}, separators=(",", ":"))
        work = sqs.create_queue(QueueName="work", Attributes={"RedrivePolicy": policy})
        told = sqs.get_queue_attributes(QueueUrl=letters["QueueUrl"], AttributeNames=["All"])["Attributes"]
        self.assertEqual(told["RedriveAllowPolicy"], '{"redrivePermission":"denyAll"}')
        told = sqs.get_queue_attributes(QueueUrl=work["QueueUrl"], AttributeNames=["All"])["Attributes"]
        self.assertEqual(told["RedrivePolicy"], policy)

    def test_a_cache_has_parameters_and_members_and_can_be_deleted(self) -> None:
        cache = self.server.client("elasticache")
        cache.create_cache_parameter_group(CacheParameterGroupName="p", CacheParameterGroupFamily="redis7", Description="d")
        values = [{"ParameterName": "maxmemory-policy", "ParameterValue": "allkeys-lru"}]
        cache.modify_cache_parameter_group(CacheParameterGroupName="p", ParameterNameValues=values)
        told = cache.describe_cache_parameters(CacheParameterGroupName="p")["Parameters"]
        self.assertEqual([one["ParameterValue"] for one in told], ["allkeys-lru"])
        group = {"ReplicationGroupId": "g", "ReplicationGroupDescription": "d", "Engine": "redis", "EngineVersion": "7.1"}
        cache.create_replication_group(**group, NumCacheClusters=2, CacheParameterGroupName="p")
        [told] = cache.describe_replication_groups(ReplicationGroupId="g")["ReplicationGroups"]
        self.assertEqual(told["MemberClusters"], ["g-001", "g-002"])
        [member] = cache.describe_cache_clusters(CacheClusterId="g-002")["CacheClusters"]
        self.assertEqual((member["EngineVersion"], member["CacheParameterGroup"]["CacheParameterGroupName"]), ("7.1.0", "p"))
        cache.delete_replication_group(ReplicationGroupId="g")
        with self.assertRaises(ClientError):
            cache.describe_replication_groups(ReplicationGroupId="g")
        cache.delete_cache_parameter_group(CacheParameterGroupName="p")
        with self.assertRaisesRegex(ClientError, "CacheParameterGroupNotFound"):
            cache.describe_cache_parameter_groups(CacheParameterGroupName="p")

    def test_two_databases_have_different_ids(self) -> None:
        rds = self.server.client("rds")
        size = {"DBInstanceClass": "db.t4g.micro", "Engine": "postgres", "AllocatedStorage": 20}
        user = {"MasterUsername": "admin1", "ManageMasterUserPassword": True}
        made = [rds.create_db_instance(DBInstanceIdentifier=name, **size, **user)["DBInstance"] for name in ("one", "two")]
        self.assertNotEqual(made[0]["DbiResourceId"], made[1]["DbiResourceId"])

    def test_a_restored_database_takes_over_the_attributes_that_rds_takes_over(self) -> None:
        rds = self.server.client("rds")
        size = {"DBInstanceClass": "db.t4g.small", "Engine": "postgres", "AllocatedStorage": 20}
        user = {"MasterUsername": "admin1", "ManageMasterUserPassword": True}
        more = {"MonitoringInterval": 60, "MonitoringRoleArn": "arn:aws:iam::1:role/m", "EnablePerformanceInsights": True}
        tags = [{"Key": "Environment", "Value": "a test"}]
        source = rds.create_db_instance(DBInstanceIdentifier="source", **size, **user, **more, Tags=tags)["DBInstance"]
        [backup] = rds.describe_db_instance_automated_backups(DbiResourceId=source["DbiResourceId"])["DBInstanceAutomatedBackups"]
        latest = backup["RestoreWindow"]["LatestTime"]
        call = {"SourceDBInstanceIdentifier": "source", "TargetDBInstanceIdentifier": "restored"}
        with self.assertRaises(ClientError):
            rds.restore_db_instance_to_point_in_time(**call, RestoreTime=latest - timedelta(days=1))
        made = rds.restore_db_instance_to_point_in_time(**call, RestoreTime=latest)["DBInstance"]
        self.assertNotEqual(made["DbiResourceId"], source["DbiResourceId"])
        self.assertEqual((made["DBInstanceClass"], made["MasterUsername"]), ("db.t4g.small", "admin1"))
        self.assertEqual((made["MonitoringInterval"], made["PerformanceInsightsEnabled"], made["TagList"]), (0, False, []))
        self.assertNotIn("MasterUserSecret", made)
        change = {"ManageMasterUserPassword": True, "EnablePerformanceInsights": True}
        secrets = [
            rds.modify_db_instance(DBInstanceIdentifier="restored", **change)["DBInstance"]["MasterUserSecret"]["SecretArn"]
            for _ in range(2)
        ]
        self.assertEqual(secrets[0], secrets[1])
        self.assertTrue(rds.describe_db_instances(DBInstanceIdentifier="restored")["DBInstances"][0]["PerformanceInsightsEnabled"])

    def test_the_code_of_a_function_can_be_downloaded(self) -> None:
        role = self.server.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=LAMBDA_TRUST)["Role"]["Arn"]
        code = zipped("exports.handler = 1")
        functions = self.server.client("lambda")
        made = {"Runtime": "nodejs22.x", "Role": role, "Handler": "index.handler", "Code": {"ZipFile": code}}
        functions.create_function(FunctionName="f", **made, LoggingConfig={"LogFormat": "JSON", "LogGroup": "g"})
        told = functions.get_function(FunctionName="f")
        self.assertEqual(told["Configuration"]["LoggingConfig"], {"LogFormat": "JSON", "LogGroup": "g"})
        with urllib.request.urlopen(told["Code"]["Location"]) as answer:
            self.assertEqual(answer.read(), code)

    def test_a_permission_that_is_sent_twice_exists_once(self) -> None:
        role = self.server.client("iam").create_role(RoleName="twice", AssumeRolePolicyDocument=LAMBDA_TRUST)["Role"]["Arn"]
        functions = self.server.client("lambda")
        made = {"Runtime": "nodejs22.x", "Role": role, "Handler": "index.handler", "Code": {"ZipFile": zipped("")}}
        functions.create_function(FunctionName="twice", **made, Publish=True)
        functions.create_alias(FunctionName="twice", Name="live", FunctionVersion="1")
        asked = {"FunctionName": "twice", "Qualifier": "live", "Action": "lambda:InvokeFunction"}
        sent = {**asked, "StatementId": "by-api", "Principal": "apigateway.amazonaws.com"}
        answers = [functions.add_permission(**sent)["Statement"] for _ in range(2)]
        self.assertEqual(answers[0], answers[1])
        functions.add_permission(**{**sent, "StatementId": "another"})
        with self.assertRaises(functions.exceptions.ResourceConflictException):
            functions.add_permission(**{**sent, "Principal": "events.amazonaws.com"})

        def statements() -> list:
            return json.loads(functions.get_policy(FunctionName="twice", Qualifier="live")["Policy"])["Statement"]

        self.assertEqual([one["Sid"] for one in statements()], ["by-api", "another"])
        self.assertEqual(statements()[0]["Principal"], {"Service": "apigateway.amazonaws.com"})
        functions.remove_permission(FunctionName="twice", Qualifier="live", StatementId="by-api")
        self.assertEqual([one["Sid"] for one in statements()], ["another"])

    def test_a_part_of_an_aborted_upload_is_rejected(self) -> None:
        s3 = self.server.client("s3")
        s3.create_bucket(Bucket="parts")
        upload = {"Bucket": "parts", "Key": "a", "UploadId": s3.create_multipart_upload(Bucket="parts", Key="a")["UploadId"]}
        s3.upload_part(**upload, PartNumber=1, Body=b"a")
        s3.abort_multipart_upload(**upload)
        with self.assertRaises(s3.exceptions.NoSuchUpload):
            s3.upload_part(**upload, PartNumber=1, Body=b"a")
        s3.put_object(Bucket="parts", Key="b", Body=b"b")
        with self.assertRaises(s3.exceptions.NoSuchUpload):
            s3.upload_part_copy(**upload, PartNumber=1, CopySource={"Bucket": "parts", "Key": "b"})
        with self.assertRaises(s3.exceptions.NoSuchUpload):
            s3.complete_multipart_upload(**upload)

    def test_a_bucket_returns_its_eventbridge_configuration(self):
        s3 = self.server.client("s3")
        s3.create_bucket(Bucket="told")
        self.assertNotIn("EventBridgeConfiguration", s3.get_bucket_notification_configuration(Bucket="told"))
        s3.put_bucket_notification_configuration(
            Bucket="told", NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        self.assertIn("EventBridgeConfiguration", s3.get_bucket_notification_configuration(Bucket="told"))

    def test_a_page_can_upload_if_the_cors_rules_of_the_bucket_allow_it(self) -> None:
        s3 = self.server.client("s3")
        s3.create_bucket(Bucket="pages")
        rule = {"AllowedMethods": ["PUT"], "AllowedOrigins": ["https://public.example"], "AllowedHeaders": ["*"]}
        s3.put_bucket_cors(Bucket="pages", CORSConfiguration={"CORSRules": [{**rule, "ExposeHeaders": ["ETag"]}]})
        url = s3.generate_presigned_url("put_object", Params={"Bucket": "pages", "Key": "a"})
        here = "http://localhost:1"

        def ask(method: str, origin: str, wants: str = "PUT") -> Any:
            headers = {"Origin": origin, "Access-Control-Request-Method": wants, "Access-Control-Request-Headers": "x-a"}
            request = urllib.request.Request(url, data=b"x" if method == "PUT" else None, headers=headers, method=method)
            try:
                with urllib.request.urlopen(request) as answer:
                    return answer.status, dict(answer.headers)
            except urllib.error.HTTPError as refused:
                with refused:
                    return refused.code, dict(refused.headers)

        self.assertEqual(ask("OPTIONS", here)[0], 403)
        self.assertNotIn("Access-Control-Allow-Origin", ask("PUT", here)[1])
        body = json.dumps({here: "https://public.example"}).encode()
        endpoint = f"{self.server.endpoint}/moto-api/overlay/origins"
        urllib.request.urlopen(urllib.request.Request(endpoint, data=body, method="PUT")).close()
        status, headers = ask("OPTIONS", here)
        self.assertEqual((status, headers["Access-Control-Allow-Origin"]), (200, here))
        self.assertEqual(headers["Access-Control-Allow-Headers"], "x-a")
        status, headers = ask("PUT", here)
        self.assertEqual((status, headers["Access-Control-Expose-Headers"]), (200, "ETag"))
        self.assertEqual(ask("OPTIONS", here, wants="DELETE")[0], 403)
        self.assertEqual(ask("OPTIONS", "http://localhost:2")[0], 403)

    def test_an_account_has_the_given_zones_and_certificates_and_no_others(self) -> None:
        arn = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"

        def give() -> Any:
            given = {"zones": {"Z0123456789ABC": "zone.example"}, "certificates": {arn: "zone.example"}}
            body = json.dumps(given).encode()
            endpoint = f"{self.server.endpoint}/moto-api/overlay/existing"
            with urllib.request.urlopen(urllib.request.Request(endpoint, data=body, method="PUT")) as answer:
                return json.load(answer)

        route53 = self.server.client("route53")
        with self.assertRaises(ClientError):
            route53.get_hosted_zone(Id="Z0123456789ABC")
        self.assertEqual(give(), ["Z0123456789ABC", arn])
        self.assertEqual(give(), [])
        self.assertEqual(route53.get_hosted_zone(Id="Z0123456789ABC")["HostedZone"]["Name"], "zone.example.")
        with self.assertRaises(ClientError):
            route53.get_hosted_zone(Id="Z0123456789ABD")
        acm = self.server.client("acm")
        self.assertEqual(acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainName"], "zone.example")
        with self.assertRaises(ClientError):
            acm.describe_certificate(CertificateArn=f"{arn[:-1]}3")

    def test_tags_of_an_api_and_of_a_user_pool_change(self) -> None:
        gateway, cognito = self.server.client("apigateway"), self.server.client("cognito-idp")
        api = gateway.create_rest_api(name="tagged", tags={"a": "1", "b": "2"})["id"]
        arn = f"arn:aws:apigateway:us-east-1::/restapis/{api}"
        gateway.tag_resource(resourceArn=arn, tags={"a": "3", "c": "4"})
        gateway.untag_resource(resourceArn=arn, tagKeys=["b"])
        self.assertEqual(gateway.get_rest_api(restApiId=api)["tags"], {"a": "3", "c": "4"})
        pool = cognito.create_user_pool(PoolName="tagged", UserPoolTags={"a": "1", "b": "2"})["UserPool"]
        cognito.tag_resource(ResourceArn=pool["Arn"], Tags={"a": "3"})
        cognito.untag_resource(ResourceArn=pool["Arn"], TagKeys=["b"])
        self.assertEqual(cognito.describe_user_pool(UserPoolId=pool["Id"])["UserPool"]["UserPoolTags"], {"a": "3"})
        self.assertEqual(cognito.list_tags_for_resource(ResourceArn=pool["Arn"])["Tags"], {"a": "3"})

    def test_a_user_pool_keeps_what_identifies_its_users_when_another_attribute_is_set(self) -> None:
        cognito = self.server.client("cognito-idp")
        pool = cognito.create_user_pool(
            PoolName="kept",
            UsernameAttributes=["email"],
            UsernameConfiguration={"CaseSensitive": False},
            UserPoolTags={"a": "1"},
        )["UserPool"]
        cognito.update_user_pool(UserPoolId=pool["Id"], DeletionProtection="ACTIVE")
        now = cognito.describe_user_pool(UserPoolId=pool["Id"])["UserPool"]
        self.assertEqual(now["DeletionProtection"], "ACTIVE")
        for name in ("UsernameAttributes", "UsernameConfiguration", "UserPoolTags"):
            self.assertEqual(now[name], pool[name])

    def test_an_authorizer_changes_its_user_pools(self) -> None:
        gateway = self.server.client("apigateway")
        api = gateway.create_rest_api(name="authorized")["id"]
        pools = [f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/us-east-1_{name}" for name in ("a", "b")]
        of = {"restApiId": api, "authorizerId": ""}
        of["authorizerId"] = gateway.create_authorizer(
            restApiId=api,
            name="users",
            type="COGNITO_USER_POOLS",
            providerARNs=pools[:1],
            identitySource="method.request.header.Authorization",
        )["id"]
        operations = [
            {"op": "add", "path": "/providerARNs", "value": pools[1]},
            {"op": "remove", "path": "/providerARNs", "value": pools[0]},
        ]
        gateway.update_authorizer(**of, patchOperations=operations)
        self.assertEqual(gateway.get_authorizer(**of)["providerARNs"], pools[1:])

    def test_a_queue_keeps_its_policy_when_another_attribute_is_set(self) -> None:
        sqs = self.server.client("sqs")
        statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        url = sqs.create_queue(QueueName="kept", Attributes={"Policy": policy})["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "60"})
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        self.assertEqual(json.loads(attributes["Policy"])["Statement"], [statement])
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
        self.assertNotIn("Policy", sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"])

    def test_a_scaling_policy_keeps_its_arn_when_it_is_put_again(self) -> None:
        scaling = self.server.client("application-autoscaling")
        target = {"ServiceNamespace": "dynamodb", "ResourceId": "table/t", "ScalableDimension": "dynamodb:table:ReadCapacityUnits"}
        scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=2)
        tracked = {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"}

        def put(value: float) -> str:
            configuration = {"TargetValue": value, "PredefinedMetricSpecification": tracked}
            return scaling.put_scaling_policy(
                **target,
                PolicyName="p",
                PolicyType="TargetTrackingScaling",
                TargetTrackingScalingPolicyConfiguration=configuration,
            )["PolicyARN"]

        arn = put(50.0)
        self.assertEqual(put(60.0), arn)
        [policy] = scaling.describe_scaling_policies(**target)["ScalingPolicies"]
        self.assertEqual(policy["PolicyARN"], arn)
        self.assertEqual(policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"], 60.0)

    def test_a_service_linked_role_is_created_once(self) -> None:
        iam = self.server.client("iam")
        iam.create_service_linked_role(AWSServiceName="grafana.amazonaws.com")
        with self.assertRaises(ClientError) as raised:
            iam.create_service_linked_role(AWSServiceName="grafana.amazonaws.com")
        error = raised.exception.response["Error"]
        self.assertEqual(error["Code"], "InvalidInput")
        self.assertIn("has been taken in this account", error["Message"])

    def test_a_bucket_that_denies_plain_http_can_be_used(self) -> None:
        s3 = self.server.client("s3")
        s3.create_bucket(Bucket="careful")
        statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::careful/*"}
        statement["Condition"] = {"Bool": {"aws:SecureTransport": "false"}}
        s3.put_bucket_policy(Bucket="careful", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        s3.put_object(Bucket="careful", Key="k", Body=b"content")
        self.assertEqual(s3.get_object(Bucket="careful", Key="k")["Body"].read(), b"content")

    def test_an_event_of_s3_has_the_version_and_the_sequencer(self) -> None:
        s3, sqs = self.server.client("s3"), self.server.client("sqs")
        statement = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        url = sqs.create_queue(QueueName="told", Attributes={"Policy": policy})["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        s3.create_bucket(Bucket="telling")
        s3.put_bucket_versioning(Bucket="telling", VersioningConfiguration={"Status": "Enabled"})
        told = {"QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]}
        s3.put_bucket_notification_configuration(Bucket="telling", NotificationConfiguration=told)
        versions = [s3.put_object(Bucket="telling", Key="k", Body=body)["VersionId"] for body in (b"1", b"2")]
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        events = [json.loads(message["Body"]) for message in messages]
        objects = [event["Records"][0]["s3"]["object"] for event in events if "Records" in event]
        ordered = sorted(objects, key=lambda described: described["sequencer"])
        self.assertEqual([described["versionId"] for described in ordered], versions)

    def test_versions_and_delete_markers_are_listed_newest_first(self) -> None:
        s3 = self.server.client("s3")
        s3.create_bucket(Bucket="stored")
        s3.put_bucket_versioning(Bucket="stored", VersioningConfiguration={"Status": "Enabled"})
        stored = []
        for key in ("a b", "c"):
            for _ in range(2):
                stored.append((key, s3.put_object(Bucket="stored", Key=key, Body=b"1")["VersionId"]))
                stored.append((key, s3.delete_object(Bucket="stored", Key=key)["VersionId"]))
        url = s3.generate_presigned_url("list_object_versions", Params={"Bucket": "stored", "MaxKeys": 3})
        with urllib.request.urlopen(url) as answer:
            page = answer.read().decode()
        kinds = re.findall("<(Version|DeleteMarker)>", page)
        self.assertEqual(kinds, ["DeleteMarker", "Version", "DeleteMarker"])
        listed = []
        for part in s3.get_paginator("list_object_versions").paginate(Bucket="stored", PaginationConfig={"PageSize": 3}):
            self.assertLessEqual(len(part.get("Versions", [])) + len(part.get("DeleteMarkers", [])), 3)
            listed += [(each["Key"], each["VersionId"]) for each in part.get("Versions", []) + part.get("DeleteMarkers", [])]
        self.assertEqual(sorted(listed), sorted(stored))
        latest = [each["VersionId"] for each in s3.list_object_versions(Bucket="stored")["DeleteMarkers"] if each["IsLatest"]]
        self.assertEqual(latest, [stored[3][1], stored[7][1]])

    def test_a_call_by_a_role_is_recorded_with_its_operation(self) -> None:
        role = f"arn:aws:iam::{ACCOUNT}:role/reader"
        self.server.client("iam").create_role(RoleName="reader", AssumeRolePolicyDocument="{}")
        keys = self.server.client("sts").assume_role(RoleArn=role, RoleSessionName="plan")["Credentials"]

        def client(service: str) -> Any:
            names = {"access_key_id": "AccessKeyId", "secret_access_key": "SecretAccessKey", "session_token": "SessionToken"}
            given = {f"aws_{name}": keys[key] for name, key in names.items()}
            return boto3.client(service, endpoint_url=self.server.endpoint, region_name="us-east-1", **given)

        # by a path, by a path with a parameter that holds a slash, by a header, by a field
        client("lambda").list_functions()
        with self.assertRaises(ClientError):
            client("amplify").get_branch(appId="dabcdefghijkl", branchName="feature/one")
        client("logs").describe_log_groups()
        client("ec2").describe_vpcs()
        client("sqs").create_queue(QueueName="noted", tags={"a": "b"})
        with urllib.request.urlopen(f"{self.server.endpoint}/moto-api/overlay/role-calls?after=0") as answer:
            noted = [(one["service"], one["operation"], one["tagged"]) for one in json.load(answer) if one["role"] == role]
        operations = [
            *[("lambda", "ListFunctions", False), ("amplify", "GetBranch", False), ("logs", "DescribeLogGroups", False)],
            *[("ec2", "DescribeVpcs", False), ("sqs", "CreateQueue", True)],
        ]
        self.assertEqual(noted, operations)

    def test_a_deleted_record_can_be_created_again_and_no_other(self) -> None:
        route53 = self.server.client("route53")
        zone = route53.create_hosted_zone(Name="again.example", CallerReference="again")["HostedZone"]["Id"]
        target = {"DNSName": "d111111abcdef8.cloudfront.net", "HostedZoneId": "Z2FDTNDATAQYW2", "EvaluateTargetHealth": False}
        record = {"Name": "again.example", "Type": "A", "AliasTarget": target}

        def change(action: str) -> None:
            batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
            route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)

        change("CREATE")
        change("DELETE")
        change("CREATE")
        with self.assertRaisesRegex(ClientError, "InvalidChangeBatch"):
            change("CREATE")
        change("DELETE")

    def test_a_key_group_gets_another_key(self) -> None:
        cloudfront = self.server.client("cloudfront")

        def key(name: str) -> str:
            config = {"CallerReference": name, "Name": name, "EncodedKey": "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"}
            return cloudfront.create_public_key(PublicKeyConfig=config)["PublicKey"]["Id"]

        first, second = key("first"), key("second")
        made = cloudfront.create_key_group(KeyGroupConfig={"Name": "keys", "Comment": "a", "Items": [first]})
        changed = {"Name": "keys", "Comment": "b", "Items": [first, second]}
        cloudfront.update_key_group(Id=made["KeyGroup"]["Id"], IfMatch=made["ETag"], KeyGroupConfig=changed)
        told = cloudfront.get_key_group(Id=made["KeyGroup"]["Id"])
        self.assertEqual(told["KeyGroup"]["KeyGroupConfig"], changed)
        self.assertNotEqual(told["ETag"], made["ETag"])

    def test_a_backup_plan_gets_another_retention(self) -> None:
        backup = self.server.client("backup")
        backup.create_backup_vault(BackupVaultName="changing")

        def plan(days: int) -> dict:
            rule = {"RuleName": "daily", "TargetBackupVaultName": "changing", "Lifecycle": {"DeleteAfterDays": days}}
            return {"BackupPlanName": "changing", "Rules": [rule]}

        made = backup.create_backup_plan(BackupPlan=plan(35))
        changed = backup.update_backup_plan(BackupPlanId=made["BackupPlanId"], BackupPlan=plan(30))
        self.assertEqual(changed["BackupPlanArn"], made["BackupPlanArn"])
        told = backup.get_backup_plan(BackupPlanId=made["BackupPlanId"])
        self.assertEqual(told["BackupPlan"]["Rules"][0]["Lifecycle"], {"DeleteAfterDays": 30})
        self.assertEqual(told["VersionId"], changed["VersionId"])
        self.assertNotEqual(told["VersionId"], made["VersionId"])

    def test_a_log_delivery_adds_its_statement_to_the_bucket_policy_unless_it_is_there(self) -> None:
        s3, logs, cloudfront = (self.server.client(one) for one in ("s3", "logs", "cloudfront"))
        origin = {"Id": "one", "DomainName": "one.example", "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}}
        behavior = {"TargetOriginId": "one", "ViewerProtocolPolicy": "https-only", "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"}
        config = {"CallerReference": "delivery", "Comment": "", "Enabled": True, "Origins": {"Quantity": 1, "Items": [origin]}, "DefaultCacheBehavior": behavior}
        distribution = cloudfront.create_distribution(DistributionConfig=config)["Distribution"]["ARN"]
        statement = {
            **{"Effect": "Allow", "Principal": {"Service": "delivery.logs.amazonaws.com"}, "Action": "s3:PutObject"},
            "Condition": {
                "StringEquals": {"aws:SourceAccount": ACCOUNT, "s3:x-amz-acl": "bucket-owner-full-control"},
                "ArnLike": {"aws:SourceArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:delivery-source:distribution"},
            },
        }

        def after_delivery(bucket: str, prefix: str, statements: list) -> list:
            """The statements of a bucket's policy after a delivery to it."""
            s3.create_bucket(Bucket=bucket)
            if statements:
                s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))
            logs.put_delivery_source(name="distribution", resourceArn=distribution, logType="ACCESS_LOGS")
            where = {"destinationResourceArn": f"arn:aws:s3:::{bucket}{prefix}"}
            target = logs.put_delivery_destination(name=bucket, deliveryDestinationConfiguration=where)["deliveryDestination"]["arn"]
            delivery = logs.create_delivery(deliverySourceName="distribution", deliveryDestinationArn=target)["delivery"]["id"]
            logs.delete_delivery(id=delivery)
            return json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]

        own = {"Sid": "Own", **statement, "Resource": "arn:aws:s3:::delivered-own/edge/*"}
        self.assertEqual(after_delivery("delivered-own", "/edge", [own]), [own])
        wider = {**own, "Resource": "arn:aws:s3:::delivered-wider/*"}
        added = {"Sid": "AWSLogDeliveryWrite2", **statement, "Resource": "arn:aws:s3:::delivered-wider/edge/*"}
        self.assertEqual(after_delivery("delivered-wider", "/edge", [wider]), [wider, added])
        added = {"Sid": "AWSLogDeliveryWrite1", **statement, "Resource": f"arn:aws:s3:::delivered-none/AWSLogs/{ACCOUNT}/CloudFront/*"}
        self.assertEqual(after_delivery("delivered-none", "", []), [added])

    def test_amplify_serves_manual_deployments(self) -> None:
        amplify = self.server.client("amplify")
        headers = 'customHeaders:\n  - pattern: "**"\n    headers:\n      - key: Cache-Control\n        value: no-cache\n'
        rule = {"source": "/<*>", "target": "/index.html", "status": "404-200"}
        app = amplify.create_app(name="pages", customRules=[rule], customHeaders=headers)["app"]
        where = {"appId": app["appId"], "branchName": "main"}
        amplify.create_branch(**where)
        pages = f"{self.server.endpoint}/moto-api/overlay/amplify/pages/main.{app['defaultDomain']}"
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("index.html", "<p>hello</p>")

        def deploy(body: bytes) -> str:
            made = amplify.create_deployment(**where)
            request = urllib.request.Request(made["zipUploadUrl"], data=body, method="PUT")
            urllib.request.urlopen(request).close()
            amplify.start_deployment(**where, jobId=made["jobId"])
            return amplify.get_job(**where, jobId=made["jobId"])["job"]["summary"]["status"]

        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{pages}/")
        refused.exception.close()
        self.assertEqual(refused.exception.code, 404)
        self.assertEqual(deploy(content.getvalue()), "SUCCEED")
        # a state that can't be read leaves the data unchanged
        self.assertEqual(deploy(b"no zip"), "FAILED")
        for path in ("/", "/index.html", "/of/the/page"):
            with urllib.request.urlopen(f"{pages}{path}") as page:
                self.assertEqual((page.status, page.read()), (200, b"<p>hello</p>"))
                self.assertEqual(page.headers["Content-Type"], "text/html")
                self.assertEqual(page.headers["Cache-Control"], "no-cache")
        connected = amplify.create_app(name="built", repository="https://example.com/a")["app"]["appId"]
        amplify.create_branch(appId=connected, branchName="main")
        with self.assertRaises(amplify.exceptions.BadRequestException):
            amplify.create_deployment(appId=connected, branchName="main")

    def test_amplify_returns_custom_headers_in_another_form(self) -> None:
        amplify = self.server.client("amplify")
        given = 'customHeaders:\n  - pattern: "/assets/*.json"\n    headers:\n      - key: Cache-Control\n        value: no-store\n'
        told = '[{"pattern":"/assets/*.json","headers":[{"key":"Cache-Control","value":"no-store"}]}]'
        app = amplify.create_app(name="headers", customHeaders=given)["app"]["appId"]
        self.assertEqual(amplify.get_app(appId=app)["app"]["customHeaders"], told)
        with self.assertRaises(amplify.exceptions.BadRequestException):
            amplify.update_app(appId=app, customHeaders=told)

    def test_a_static_parameter_waits_for_a_restart_with_every_apply_method(self) -> None:
        rds = self.server.client("rds")
        rds.create_db_parameter_group(DBParameterGroupName="tls", DBParameterGroupFamily="postgres17", Description="d")

        def put(name: str, value: str, method: str) -> Any:
            parameter = {"ParameterName": name, "ParameterValue": value, "ApplyMethod": method}
            rds.modify_db_parameter_group(DBParameterGroupName="tls", Parameters=[parameter])
            told = rds.describe_db_parameters(DBParameterGroupName="tls")["Parameters"]
            found = next(one for one in told if one["ParameterName"] == name)
            return found["ParameterValue"], found["ApplyMethod"], found["Source"]

        self.assertEqual(put("rds.force_ssl", "1", "immediate"), ("1", "pending-reboot", "system"))
        self.assertEqual(put("rds.force_ssl", "0", "pending-reboot"), ("0", "pending-reboot", "user"))
        self.assertEqual(put("log_connections", "1", "immediate"), ("1", "immediate", "user"))
        with self.assertRaises(ClientError) as refused:
            put("rds.force_ssl", "0", "immediate")
        self.assertEqual(refused.exception.response["Error"]["Code"], "InvalidParameterCombination")

    def test_a_trail_is_started_stopped_and_deleted_by_its_arn(self) -> None:
        self.server.client("s3").create_bucket(Bucket="trails")
        client = self.server.client("cloudtrail")
        arn = client.create_trail(Name="states", S3BucketName="trails")["TrailARN"]
        for change, is_logging in [(client.start_logging, True), (client.stop_logging, False)]:
            change(Name=arn)
            self.assertEqual(client.get_trail_status(Name=arn)["IsLogging"], is_logging)
        client.delete_trail(Name=arn)
        self.assertEqual(client.describe_trails()["trailList"], [])

    def test_services_that_moto_lacks_store_their_resources(self) -> None:
        amplify = self.server.client("amplify")
        app = amplify.create_app(name="app", accessToken="secret")["app"]
        branch = amplify.create_branch(appId=app["appId"], branchName="main", stage="BETA")["branch"]
        self.assertEqual(branch["stage"], "BETA")
        self.assertNotIn("secret", json.dumps(amplify.get_app(appId=app["appId"])["app"], default=str))
        xray = self.server.client("xray")
        xray.create_group(GroupName="slow", FilterExpression="responsetime > 2")
        self.assertEqual(xray.get_group(GroupName="slow")["Group"]["FilterExpression"], "responsetime > 2")
        grafana = self.server.client("grafana")
        asked = {"accountAccessType": "CURRENT_ACCOUNT", "permissionType": "CUSTOMER_MANAGED"}
        made = grafana.create_workspace(**asked, authenticationProviders=["SAML"])["workspace"]
        self.assertEqual(grafana.describe_workspace(workspaceId=made["id"])["workspace"]["status"], "ACTIVE")

    def test_a_workspace_of_grafana_has_administrators_and_a_saml_provider(self) -> None:
        grafana = self.server.client("grafana")
        asked = {"accountAccessType": "CURRENT_ACCOUNT", "permissionType": "CUSTOMER_MANAGED"}
        name = grafana.create_workspace(**asked, authenticationProviders=["AWS_SSO"])["workspace"]["id"]

        def change(action: str, role: str, user: dict) -> None:
            batch = [{"action": action, "role": role, "users": [user]}]
            self.assertEqual(grafana.update_permissions(workspaceId=name, updateInstructionBatch=batch)["errors"], [])

        user, group = {"id": "a", "type": "SSO_USER"}, {"id": "b", "type": "SSO_GROUP"}
        change("ADD", "VIEWER", user)
        change("ADD", "ADMIN", user)
        change("ADD", "EDITOR", group)
        everybody = grafana.list_permissions(workspaceId=name)["permissions"]
        self.assertEqual(everybody, [{"role": "ADMIN", "user": user}, {"role": "EDITOR", "user": group}])
        groups = grafana.list_permissions(workspaceId=name, userType="SSO_GROUP")["permissions"]
        self.assertEqual(groups, [{"role": "EDITOR", "user": group}])
        change("REVOKE", "ADMIN", user)
        self.assertEqual(len(grafana.list_permissions(workspaceId=name)["permissions"]), 1)

        grafana.tag_resource(resourceArn=f"arn:aws:grafana:us-east-1:{ACCOUNT}:/workspaces/{name}", tags={"Team": "media"})
        self.assertEqual(grafana.describe_workspace(workspaceId=name)["workspace"]["tags"], {"Team": "media"})

        saml = {"idpMetadata": {"url": "https://idp.example"}, "roleValues": {"admin": ["ops"]}}
        grafana.update_workspace_authentication(
            workspaceId=name, authenticationProviders=["SAML"], samlConfiguration=saml
        )
        shown = grafana.describe_workspace_authentication(workspaceId=name)["authentication"]
        self.assertEqual(shown["saml"], {"status": "CONFIGURED", "configuration": saml})

    def test_composite_alarms_use_alarms_and_ranks_are_counted(self) -> None:
        client = self.server.client("cloudwatch")
        client.put_composite_alarm(AlarmName="whole", AlarmRule="ALARM(part)", AlarmActions=["arn:aws:sns:us-east-1:1:t"])
        [alarm] = client.describe_alarms(AlarmNames=["whole"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
        self.assertEqual((alarm["AlarmRule"], alarm["AlarmActions"]), ("ALARM(part)", ["arn:aws:sns:us-east-1:1:t"]))
        now = time.time()
        data = [{"MetricName": "m", "Timestamp": now - 30, "Value": float(value)} for value in range(1, 101)]
        client.put_metric_data(Namespace="n", MetricData=data)
        queries = [
            {"Id": name, "MetricStat": {"Metric": {"Namespace": "n", "MetricName": "m"}, "Period": 600, "Stat": stat}}
            for name, stat in {"p": "p99", "r": "PR(:25)", "b": "PR(10:20)"}.items()
        ]
        results = client.get_metric_data(MetricDataQueries=queries, StartTime=now - 60, EndTime=now)["MetricDataResults"]
        self.assertEqual({one["Id"]: one["Values"] for one in results}, {"p": [99.0], "r": [25.0], "b": [10.0]})


class Restart(unittest.TestCase):
    def test_a_restart_loses_nothing(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            server = Server(Path(folder) / "state")
            try:
                server.client("s3").create_bucket(Bucket="kept")
                server.client("s3").put_object(Bucket="kept", Key="k", Body=b"content")
                sizes = [6 << 20, 2 << 20]
                put_in_parts(server.client("s3"), "kept", "parts", sizes)
                server.client("xray").create_group(GroupName="kept")
                url = server.client("sqs").create_queue(QueueName="kept")["QueueUrl"]
                server.client("sqs").send_message(QueueUrl=url, MessageBody="waiting")
                certificate = server.client("acm").request_certificate(DomainName="kept.example")["CertificateArn"]
                server.stop()
                server.start()
                self.assertEqual(server.client("s3").get_object(Bucket="kept", Key="k")["Body"].read(), b"content")
                heads = [server.client("s3").head_object(Bucket="kept", Key="parts", PartNumber=number) for number in (1, 2)]
                self.assertEqual([head["ContentLength"] for head in heads], sizes)
                self.assertEqual(server.client("xray").get_group(GroupName="kept")["Group"]["GroupName"], "kept")
                [message] = server.client("sqs").receive_message(QueueUrl=url)["Messages"]
                self.assertEqual(message["Body"], "waiting")
                described = server.client("acm").describe_certificate(CertificateArn=certificate)
                self.assertEqual(described["Certificate"]["DomainName"], "kept.example")
            finally:
                server.stop()

    def test_a_state_saved_during_requests_is_complete(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            server = Server(Path(folder) / "state")
            checkpoint = urllib.request.Request(f"{server.endpoint}/moto-api/overlay/checkpoint", method="POST")
            ended = threading.Event()

            def work(number: int) -> None:
                s3 = server.client("s3")
                for turn in itertools.count():
                    if ended.is_set():
                        return
                    # few keys, so that an attempt is short, but not as many from one moment to the next
                    s3.put_object(Bucket="busy", Key=f"{number}/{turn}", Body=b"content")
                    if turn >= 10:
                        s3.delete_object(Bucket="busy", Key=f"{number}/{turn - 10}")

            try:
                server.client("s3").create_bucket(Bucket="busy")
                server.client("s3").put_object(Bucket="busy", Key="first", Body=b"content")
                with ThreadPoolExecutor(4) as workers, ThreadPoolExecutor(4) as savers:
                    working = [workers.submit(work, number) for number in range(4)]
                    try:
                        for answer in savers.map(urllib.request.urlopen, [checkpoint] * 40):
                            with answer:
                                self.assertEqual(answer.status, 200)
                    finally:
                        ended.set()
                    for worker in working:
                        worker.result()
                server.process.kill()
                server.stop()
                server.start()
                self.assertNotIn("can't read", server.said)
                server.client("s3").head_object(Bucket="busy", Key="first")
            finally:
                server.stop()

    def test_a_damaged_state_is_moved_aside_and_reported_in_one_line(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            state = Path(folder) / "state"
            state.write_bytes(b"no pickle")
            command = [sys.executable, "-m", "overlay", "--port", "0", "--state-file", str(state)]
            process = subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            try:
                self.assertRegex(process.stdout.readline(), "can't read .* the file is now .*unreadable")
                self.assertEqual((Path(folder) / "state.unreadable").read_bytes(), b"no pickle")
            finally:
                process.terminate()
                process.wait(30)
                process.stdout.close()


if __name__ == "__main__":
    unittest.main()
