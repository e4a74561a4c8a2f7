"""What services send to each other: to queues at once, to functions by way of what runs them."""

from __future__ import annotations

import json
import tempfile
import threading
import time
import unittest
import urllib.request
from datetime import datetime, timedelta, timezone
from itertools import product
from pathlib import Path
from typing import Any, Dict, List

from botocore.exceptions import ClientError

from .test_deliveries import lets, policy
from .test_overlay import ACCOUNT, Server, WithServer, zipped

CODE = {"ZipFile": zipped("")}
SENDERS = ("s3.amazonaws.com", "sns.amazonaws.com", "events.amazonaws.com")
# Of a role that Lambda and Scheduler assume.
TRUST = policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["lambda.amazonaws.com", "scheduler.amazonaws.com"]}})
PERMISSIONS = policy({"Effect": "Allow", "Action": ["sqs:*", "lambda:InvokeFunction"], "Resource": "*"})


def arn_of(service: str, resource: str) -> str:
    return f"arn:aws:{service}:us-east-1:{ACCOUNT}:{resource}"


class Events(WithServer):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        iam = cls.server.client("iam")
        role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        iam.put_role_policy(RoleName="r", PolicyName="permissions", PolicyDocument=PERMISSIONS)
        functions = cls.server.client("lambda")
        made = {"Runtime": "nodejs22.x", "Role": role, "Handler": "index.handler", "Code": CODE, "Timeout": 10}
        functions.create_function(FunctionName="f", **made, Publish=True)
        functions.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
        for service, qualifier in product(SENDERS, ({}, {"Qualifier": "live"})):
            permission = {"StatementId": f"{service.split('.')[0]}{len(qualifier)}", "Action": "lambda:InvokeFunction", "Principal": service}
            functions.add_permission(FunctionName="f", **permission, **qualifier)

    def queue(self, name: str, **attributes: str) -> str:
        """A queue to which all services may send."""
        statements = [lets(service, "sqs:SendMessage") for service in SENDERS]
        self.server.client("sqs").create_queue(QueueName=name, Attributes={"Policy": policy(*statements), **attributes})
        return arn_of("sqs", name)

    def topic(self, name: str) -> str:
        """A topic to which all services may publish."""
        statements = [lets(service, "sns:Publish") for service in SENDERS]
        return self.server.client("sns").create_topic(Name=name, Attributes={"Policy": policy(*statements)})["TopicArn"]

    def received(self, name: str, wait: int = 0) -> List[Any]:
        sqs = self.server.client("sqs")
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=wait).get("Messages", [])
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in messages]

    def waiting(self, after: int = 0, wait: int = 0) -> List[Dict[str, Any]]:
        url = f"{self.server.endpoint}/moto-api/overlay/lambda-events?after={after}&wait={wait}"
        with urllib.request.urlopen(url) as answer:
            return json.load(answer)

    def taken(self) -> List[Dict[str, Any]]:
        """Takes the events that wait for functions."""
        events = self.waiting()
        for event in events:
            where = f"{self.server.endpoint}/moto-api/overlay/lambda-events/{event['number']}"
            urllib.request.urlopen(urllib.request.Request(where, method="DELETE")).close()
        return events

    def refused(self, why: str, call: Any, **arguments: Any) -> None:
        with self.assertRaisesRegex(ClientError, why) as raised:
            call(**arguments)
        self.assertEqual(raised.exception.response["ResponseMetadata"]["HTTPStatusCode"], 400)

    def mapping(self, queue: str, **more: Any) -> Dict[str, Any]:
        made = {"EventSourceArn": queue, "FunctionName": arn_of("lambda", "function:f:live"), **more}
        return self.server.client("lambda").create_event_source_mapping(**made)

    def test_a_function_that_can_not_run_here_is_rejected(self) -> None:
        call = self.server.client("lambda").create_function
        made = {"FunctionName": "snake", "Role": f"arn:aws:iam::{ACCOUNT}:role/r", "Handler": "index.handler", "Code": CODE}
        why = "the function snake can't run in this embedded AWS: it only runs zips with Node.js, no "
        self.refused(f"{why}python3.13", call, Runtime="python3.13", **made)
        self.refused(f"{why}layers", call, Runtime="nodejs22.x", Layers=[arn_of("lambda", "layer:l:1")], **made)

    def test_a_mapping_calls_the_named_alias_and_leaves_messages_in_the_queue(self) -> None:
        made = self.mapping(self.queue("mapped"), ScalingConfig={"MaximumConcurrency": 2})
        self.assertEqual(made["FunctionArn"], arn_of("lambda", "function:f:live"))
        functions = self.server.client("lambda")
        functions.update_event_source_mapping(UUID=made["UUID"], BatchSize=5)
        told = functions.get_event_source_mapping(UUID=made["UUID"])
        self.assertEqual((told["BatchSize"], told["FunctionArn"], told["State"]), (5, made["FunctionArn"], "Enabled"))
        sqs = self.server.client("sqs")
        sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName="mapped")["QueueUrl"], MessageBody="kept")
        self.assertEqual(self.received("mapped"), ["kept"])
        with self.assertRaises(functions.exceptions.ResourceConflictException):
            self.mapping(arn_of("sqs", "mapped"))

    def test_a_mapping_that_lambda_rejects_or_that_can_not_run_here_is_rejected(self) -> None:
        queue, short = self.queue("refusing"), self.queue("short", VisibilityTimeout="9")
        fifo = self.queue("first.fifo", FifoQueue="true")
        for why, source, more in [
            ("Queue visibility timeout: 9 seconds is less than Function timeout: 10 seconds", short, {}),
            ("Maximum batch window in seconds must be greater than 0", queue, {"BatchSize": 11}),
            (f"the mapping of {fifo} can't run in this embedded AWS: it does not keep the order of FIFO queues", fifo, {}),
            ("The specified queue does not exist", arn_of("sqs", "none"), {}),
            ("of arn:aws:kinesis:.*stream/s can't run in this embedded AWS", arn_of("kinesis", "stream/s"), {"StartingPosition": "LATEST"}),
            (f"FilterCriteria of the mapping of {queue} can't run", queue, {"FilterCriteria": {"Filters": [{"Pattern": "{}"}]}}),
        ]:
            call = self.server.client("lambda").create_event_source_mapping
            self.refused(why, call, EventSourceArn=source, FunctionName="f", **more)
        made = self.mapping(queue)
        update = self.server.client("lambda").update_event_source_mapping
        self.refused("greater than 0", update, UUID=made["UUID"], BatchSize=100)

    def test_a_mapping_of_a_function_whose_role_may_not_poll_the_queue_is_rejected(self) -> None:
        iam, functions = self.server.client("iam"), self.server.client("lambda")
        role = iam.create_role(RoleName="poller", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        functions.create_function(FunctionName="polled", Runtime="nodejs22.x", Role=role, Handler="index.handler", Code=CODE)
        queue = self.queue("polled")
        actions: List[str] = []
        for operation in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
            why = f"The provided execution role does not have permissions to call {operation} on SQS"
            self.refused(why, functions.create_event_source_mapping, EventSourceArn=queue, FunctionName="polled")
            actions.append(f"sqs:{operation}")
            statement = {"Effect": "Allow", "Action": actions, "Resource": queue}
            iam.put_role_policy(RoleName="poller", PolicyName="poll", PolicyDocument=policy(statement))
        functions.create_event_source_mapping(EventSourceArn=queue, FunctionName="polled")

    def test_a_bucket_notifies_functions_queues_topics_and_the_default_bus(self) -> None:
        s3, events = self.server.client("s3"), self.server.client("events")
        s3.create_bucket(Bucket="telling")
        pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": ["telling"]}}}
        events.put_rule(Name="stored", EventPattern=json.dumps(pattern))
        events.put_targets(Rule="stored", Targets=[{"Id": "q", "Arn": self.queue("from-bus")}])
        function = {"LambdaFunctionArn": arn_of("lambda", "function:f:live"), "Events": ["s3:ObjectCreated:*"]}
        queue = {"QueueArn": self.queue("from-bucket"), "Events": ["s3:ObjectRemoved:*"]}
        sns = self.server.client("sns")
        topic = self.topic("of-bucket")
        configuration = {
            "LambdaFunctionConfigurations": [function],
            "QueueConfigurations": [queue],
            "TopicConfigurations": [{"TopicArn": topic, "Events": ["s3:ObjectCreated:Put"]}],
            "EventBridgeConfiguration": {},
        }
        s3.put_bucket_notification_configuration(Bucket="telling", NotificationConfiguration=configuration)
        self.received("from-bucket")
        raw = {"RawMessageDelivery": "true"}
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=self.queue("from-topic"), Attributes=raw)
        etag = s3.put_object(Bucket="telling", Key="a", Body=b"1")["ETag"].strip('"')
        [event] = self.taken()
        self.assertEqual(event["functionArn"], arn_of("lambda", "function:f:live"))
        self.assertEqual(event["sender"], {"service": "s3.amazonaws.com", "arn": "arn:aws:s3:::telling"})
        self.assertEqual(event["event"]["Records"][0]["eventName"], "ObjectCreated:Put")
        self.assertEqual([json.loads(body)["Records"][0]["eventName"] for body in self.received("from-topic")], ["ObjectCreated:Put"])
        [told] = [json.loads(body) for body in self.received("from-bus")]
        self.assertEqual((told["detail-type"], told["detail"]["reason"], told["detail"]["object"]["etag"]), ("Object Created", "PutObject", etag))
        self.assertRegex(told["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        s3.delete_object(Bucket="telling", Key="a")
        self.assertEqual([json.loads(body)["Records"][0]["eventName"] for body in self.received("from-bucket")], ["ObjectRemoved:Delete"])
        self.assertEqual(self.taken(), [])

    def test_a_bucket_notification_of_events_that_never_happen_is_rejected(self) -> None:
        s3 = self.server.client("s3")
        s3.create_bucket(Bucket="asking")
        told = {"QueueConfigurations": [{"QueueArn": self.queue("asked"), "Events": ["s3:LifecycleExpiration:*"]}]}
        why = "The event s3:LifecycleExpiration:\\* of the bucket asking can't run in this embedded AWS"
        self.refused(why, s3.put_bucket_notification_configuration, Bucket="asking", NotificationConfiguration=told)

    def test_a_topic_delivers_messages_to_functions(self) -> None:
        sns = self.server.client("sns")
        topic = sns.create_topic(Name="t")["TopicArn"]
        function = arn_of("lambda", "function:f")
        policy = {"FilterPolicy": json.dumps({"colour": ["green"]})}
        made = sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function, Attributes=policy, ReturnSubscriptionArn=True)
        for colour in ("red", "green"):
            attributes = {"colour": {"DataType": "String", "StringValue": colour}}
            sent = sns.publish(TopicArn=topic, Message="m", Subject="s", MessageAttributes=attributes)
        [event] = self.taken()
        [record] = event["event"]["Records"]
        self.assertEqual((event["functionArn"], event["sender"]), (function, {"service": "sns.amazonaws.com", "arn": topic}))
        self.assertEqual((record["EventSource"], record["EventSubscriptionArn"]), ("aws:sns", made["SubscriptionArn"]))
        told = {name: record["Sns"][name] for name in ("Type", "MessageId", "TopicArn", "Subject", "Message", "MessageAttributes")}
        colour = {"colour": {"Type": "String", "Value": "green"}}
        expected = {"Type": "Notification", "MessageId": sent["MessageId"], "TopicArn": topic, "Subject": "s", "Message": "m"}
        self.assertEqual(told, {**expected, "MessageAttributes": colour})
        self.refused("can't run in this embedded AWS", sns.subscribe, TopicArn=topic, Protocol="sms", Endpoint="+15550100")

    def put(self, source: str) -> None:
        entry = {"Source": source, "DetailType": "d", "Detail": json.dumps({"id": 7, "name": 'a "b"'})}
        self.server.client("events").put_events(Entries=[entry])

    def rule(self, name: str, source: str, targets: List[Dict[str, Any]], state: str = "ENABLED") -> None:
        events = self.server.client("events")
        events.put_rule(Name=name, EventPattern=json.dumps({"source": [source]}), State=state)
        events.put_targets(Rule=name, Targets=targets)

    def test_a_rule_delivers_to_functions_queues_and_topics(self) -> None:
        sns = self.server.client("sns")
        topic = self.topic("ruled")
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=self.queue("of-topic"), Attributes={"RawMessageDelivery": "true"})
        template = '{"id": <id>, "name": <name>, "text": "<name> of <id> by <aws.events.rule-name>"}'
        transformer = {"InputPathsMap": {"id": "$.detail.id", "name": "$.detail.name"}, "InputTemplate": template}
        targets = [
            {"Id": "f", "Arn": arn_of("lambda", "function:f:live"), "InputPath": "$.detail"},
            {"Id": "q", "Arn": self.queue("ruled"), "InputTransformer": transformer},
            {"Id": "t", "Arn": topic, "Input": '{"constant": true}'},
        ]
        self.rule("ruling", "shop", targets)
        self.put("shop")
        [event] = self.taken()
        self.assertEqual(event["event"], {"id": 7, "name": 'a "b"'})
        self.assertEqual(event["sender"], {"service": "events.amazonaws.com", "arn": arn_of("events", "rule/ruling")})
        self.assertEqual([json.loads(body) for body in self.received("ruled")], [{"id": 7, "name": 'a "b"', "text": 'a "b" of 7 by ruling'}])
        self.assertEqual(self.received("of-topic"), ['{"constant": true}'])

    def test_an_event_on_another_bus_keeps_its_id_and_disabled_rules_and_schedules_deliver_nothing(self) -> None:
        events = self.server.client("events")
        bus = events.create_event_bus(Name="other")["EventBusArn"]
        self.rule("forwarding", "depot", [{"Id": "b", "Arn": bus}, {"Id": "q", "Arn": self.queue("near")}])
        events.put_rule(Name="far", EventBusName="other", EventPattern=json.dumps({"source": ["depot"]}))
        events.put_targets(Rule="far", EventBusName="other", Targets=[{"Id": "q", "Arn": self.queue("far")}])
        self.rule("off", "depot", [{"Id": "q", "Arn": self.queue("off")}], state="DISABLED")
        events.put_rule(Name="daily", ScheduleExpression="rate(1 day)")
        events.put_targets(Rule="daily", Targets=[{"Id": "q", "Arn": self.queue("daily")}])
        self.put("depot")
        [near], [far] = [[json.loads(body) for body in self.received(name)] for name in ("near", "far")]
        self.assertEqual(near, far)
        self.assertEqual((self.received("off"), self.received("daily")), ([], []))

    def test_a_rule_or_a_schedule_with_a_target_that_can_not_run_here_is_rejected(self) -> None:
        events, scheduler = self.server.client("events"), self.server.client("scheduler")
        events.put_rule(Name="refused", ScheduleExpression="rate(5 minutes)")
        machine = arn_of("states", "stateMachine:m")
        why = "target m of the rule refused can't run in this embedded AWS: .* not to arn:aws:states"
        self.refused(why, events.put_targets, Rule="refused", Targets=[{"Id": "m", "Arn": machine}])
        self.refused("ScheduleExpression is not valid", events.put_rule, Name="wrong", ScheduleExpression="rate(1 minutes)")
        schedule = {"Name": "s", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": {"Arn": machine, "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"}}
        why = "the schedule s can't run in this embedded AWS"
        self.refused(why, scheduler.create_schedule, ScheduleExpression="rate(5 minutes)", **schedule)
        self.refused("Invalid Schedule Expression", scheduler.create_schedule, ScheduleExpression="hourly", **schedule)

    def test_settings_of_targets_and_schedules_without_effect_here_are_rejected_and_defaults_accepted(self) -> None:
        events, scheduler = self.server.client("events"), self.server.client("scheduler")
        queue, letters = self.queue("settings"), self.queue("letters")
        defaults = {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185}
        schedule = {"Name": "set", "ScheduleExpression": "rate(1 hour)"}
        off, role = {"Mode": "OFF"}, {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"}
        events.put_rule(Name="set", ScheduleExpression="rate(1 hour)")
        for setting, value in [("DeadLetterConfig", {"Arn": letters}), ("RetryPolicy", {"MaximumRetryAttempts": 3}), ("RetryPolicy", {**defaults, "MaximumEventAgeInSeconds": 60})]:
            with self.subTest(setting, **value):
                target = {"Arn": queue, setting: value}
                why = f"{setting} of target q of the rule set can't run in this embedded AWS"
                self.refused(why, events.put_targets, Rule="set", Targets=[{"Id": "q", **target}])
                why = f"{setting} of the schedule set can't run in this embedded AWS"
                self.refused(why, scheduler.create_schedule, **schedule, FlexibleTimeWindow=off, Target={**target, **role})
        flexible = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5}
        why = "FlexibleTimeWindow of the schedule set can't run in this embedded AWS"
        self.refused(why, scheduler.create_schedule, **schedule, FlexibleTimeWindow=flexible, Target={"Arn": queue, **role})
        events.put_targets(Rule="set", Targets=[{"Id": "q", "Arn": queue, "RetryPolicy": defaults}])
        scheduler.create_schedule(**schedule, FlexibleTimeWindow=off, Target={"Arn": queue, **role, "RetryPolicy": defaults})
        self.refused(why, scheduler.update_schedule, **schedule, FlexibleTimeWindow=flexible, Target={"Arn": queue, **role})

    def test_a_target_without_retries_is_accepted_and_kept(self) -> None:
        events, scheduler = self.server.client("events"), self.server.client("scheduler")
        none = {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 86_400}
        queue, role = self.queue("once"), {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"}
        times = {"ScheduleExpression": "rate(1 hour)"}
        scheduler.create_schedule(Name="once", **times, FlexibleTimeWindow={"Mode": "OFF"}, Target={"Arn": queue, **role, "RetryPolicy": none})
        self.assertEqual(scheduler.get_schedule(Name="once")["Target"]["RetryPolicy"], none)
        events.put_rule(Name="once", **times)
        events.put_targets(Rule="once", Targets=[{"Id": "q", "Arn": queue, "RetryPolicy": none}])
        self.assertEqual(events.list_targets_by_rule(Rule="once")["Targets"][0]["RetryPolicy"], none)

    def test_a_schedule_comes_due_and_is_deleted_if_it_is_set_so(self) -> None:
        scheduler = self.server.client("scheduler")
        moment = datetime.now(timezone.utc) + timedelta(seconds=4)
        at = {"ScheduleExpression": f"at({moment:%Y-%m-%dT%H:%M:%S})", "FlexibleTimeWindow": {"Mode": "OFF"}}
        role = {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"}
        given = {"Input": '{"by": "<aws.scheduler.schedule-arn>"}'}
        scheduler.create_schedule(Name="one", **at, ActionAfterCompletion="DELETE", Target={"Arn": self.queue("due"), **role, **given})
        last = max([event["number"] for event in self.waiting()], default=0)
        scheduler.create_schedule(Name="two", **at, Target={"Arn": arn_of("lambda", "function:f"), **role})
        self.assertEqual(self.received("due", wait=20), [f'{{"by": "{arn_of("scheduler", "schedule/default/one")}"}}'])
        event = self.waiting(after=last, wait=20)[0]
        sender = {"service": "scheduler.amazonaws.com", "arn": arn_of("scheduler", "schedule/default/two"), "role": role["RoleArn"]}
        self.assertEqual((event["event"]["source"], event["sender"]), ("aws.scheduler", sender))
        self.assertEqual([one["Name"] for one in scheduler.list_schedules()["Schedules"]], ["two"])
        self.taken()

    def test_a_waiting_request_gets_an_event_at_once(self) -> None:
        self.rule("waking", "bell", [{"Id": "f", "Arn": arn_of("lambda", "function:f")}])
        found: List[Any] = []
        after = time.time_ns() // 1000
        waiter = threading.Thread(target=lambda: found.extend(self.waiting(after=after, wait=60)))
        waiter.start()
        self.put("bell")
        began = time.monotonic()
        waiter.join(60)
        self.assertEqual(found[0]["event"]["source"], "bell")
        self.assertLess(time.monotonic() - began, 30)
        self.taken()

    def test_destinations_of_asynchronous_calls_are_rejected_and_retries_are_stored(self) -> None:
        functions = self.server.client("lambda")
        call = functions.put_function_event_invoke_config
        destination = {"OnFailure": {"Destination": self.queue("failed")}}
        self.refused("OnFailure of the function f can't run", call, FunctionName="f", DestinationConfig=destination)
        for retries in (0, 1):
            call(FunctionName="f", MaximumRetryAttempts=retries)
        self.assertEqual(functions.get_function_event_invoke_config(FunctionName="f")["MaximumRetryAttempts"], 1)

    def test_waiting_events_survive_a_restart(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            server = Server(Path(folder) / "state")
            try:
                function = later(server)
                sns = server.client("sns")
                topic = sns.create_topic(Name="kept")["TopicArn"]
                sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function)
                sns.publish(TopicArn=topic, Message="m")
                server.stop()
                server.start()
                url = f"{server.endpoint}/moto-api/overlay/lambda-events?after=0&wait=0"
                with urllib.request.urlopen(url) as answer:
                    [event] = json.load(answer)
                self.assertEqual(event["functionArn"], function)
            finally:
                server.stop()


def later(server: Server) -> str:
    """A function that SNS may call."""
    role = server.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    functions = server.client("lambda")
    functions.create_function(FunctionName="later", Runtime="nodejs22.x", Role=role, Handler="index.handler", Code=CODE)
    functions.add_permission(FunctionName="later", StatementId="sns", Action="lambda:InvokeFunction", Principal="sns.amazonaws.com")
    return arn_of("lambda", "function:later")


if __name__ == "__main__":
    unittest.main()
