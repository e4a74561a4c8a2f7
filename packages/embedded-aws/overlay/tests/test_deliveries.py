"""Deliveries between services that policies allow or not."""

from __future__ import annotations

import json
import time
import urllib.request
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Dict, List, Optional

from botocore.exceptions import ClientError

from .test_overlay import ACCOUNT, WithServer

UNABLE = "Unable to validate the following destination configurations"


def arn_of(service: str, resource: str) -> str:
    return f"arn:aws:{service}:us-east-1:{ACCOUNT}:{resource}"


def policy(*statements: Dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def lets(service: str, action: str, source: Optional[str] = None) -> Dict[str, Any]:
    """A statement of a resource policy, as AWS's guides have it."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": "*"}
    condition = {"ArnLike": {"aws:SourceArn": source}, "StringEquals": {"aws:SourceAccount": ACCOUNT}}
    return {**statement, **({"Condition": condition} if source else {})}


class Deliveries(WithServer):
    def queue(self, name: str, *statements: Dict[str, Any]) -> str:
        attributes = {"Policy": policy(*statements)} if statements else {}
        self.server.client("sqs").create_queue(QueueName=name, Attributes=attributes)
        return arn_of("sqs", name)

    def topic(self, name: str, *statements: Dict[str, Any]) -> str:
        attributes = {"Policy": policy(*statements)} if statements else {}
        return self.server.client("sns").create_topic(Name=name, Attributes=attributes)["TopicArn"]

    def subscribed(self, topic: str, name: str) -> str:
        """A queue that gets the topic's messages."""
        queue = self.queue(name, lets("sns.amazonaws.com", "sqs:SendMessage", topic))
        raw = {"RawMessageDelivery": "true"}
        self.server.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes=raw)
        return queue

    def received(self, name: str) -> List[str]:
        sqs = self.server.client("sqs")
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        return [message["Body"] for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])]

    def dropped(self, source: str) -> Dict[str, str]:
        """Reasons of dropped deliveries from a source, by the target's ARN."""
        with urllib.request.urlopen(f"{self.server.endpoint}/moto-api/overlay/dropped-deliveries?after=0") as answer:
            return {one["target"]: one["reason"] for one in json.load(answer) if one["source"] == source}

    def bucket(self, name: str) -> str:
        self.server.client("s3").create_bucket(Bucket=name)
        return f"arn:aws:s3:::{name}"

    def notify(self, bucket: str, kind: str, target: str, **more: Any) -> None:
        one = {{"Queue": "QueueArn", "Topic": "TopicArn"}[kind]: target, "Events": ["s3:ObjectCreated:*"]}
        self.server.client("s3").put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={f"{kind}Configurations": [one]}, **more
        )

    def test_an_email_subscription_that_nobody_confirmed_is_listed_without_an_arn(self) -> None:
        sns = self.server.client("sns")
        topic = self.topic("unconfirmed")
        for protocol, endpoint in [("email", "a@b.co"), ("https", "https://pager.example.com/x"), ("sqs", self.queue("confirmed"))]:
            sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint)
        listed = {one["Protocol"]: one["SubscriptionArn"] for one in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]}
        self.assertEqual(listed["email"], "PendingConfirmation")
        for confirmed in (listed["sqs"], listed["https"]):
            self.assertTrue(confirmed.startswith(f"{topic}:"))

    def test_a_bucket_notification_to_a_queue_that_does_not_let_s3_send_is_refused(self) -> None:
        bucket = self.bucket("sending")
        right = lets("s3.amazonaws.com", "sqs:SendMessage", bucket)
        wrong = {
            "none": (),
            "other-bucket": (lets("s3.amazonaws.com", "sqs:SendMessage", "arn:aws:s3:::other"),),
            "other-service": (lets("sns.amazonaws.com", "sqs:SendMessage", bucket),),
            "denied": (right, {**right, "Effect": "Deny"}),
        }
        for name, statements in wrong.items():
            with self.subTest(name), self.assertRaisesRegex(ClientError, f"{UNABLE}.*s3.amazonaws.com may not sqs:SendMessage"):
                self.notify("sending", "Queue", self.queue(f"s3-{name}", *statements))
        with self.assertRaisesRegex(ClientError, f"{UNABLE}.*does not exist"):
            self.notify("sending", "Queue", arn_of("sqs", "nowhere"))
        self.notify("sending", "Queue", self.queue("s3-right", right))
        self.assertEqual([json.loads(body)["Event"] for body in self.received("s3-right")], ["s3:TestEvent"])

    def test_a_bucket_notification_to_a_topic_that_does_not_let_s3_publish_is_refused(self) -> None:
        bucket = self.bucket("publishing")
        with self.assertRaisesRegex(ClientError, f"{UNABLE}.*s3.amazonaws.com may not sns:Publish"):
            # AWS's default policy lets in only the account itself
            self.notify("publishing", "Topic", self.topic("s3-default"))
        topic = self.topic("s3-topic", lets("s3.amazonaws.com", "sns:Publish", bucket))
        self.subscribed(topic, "behind-topic")
        self.notify("publishing", "Topic", topic)
        self.assertEqual(len(self.received("behind-topic")), 1)

    def test_an_event_of_a_bucket_is_dropped_once_the_policy_no_longer_allows_it(self) -> None:
        bucket = self.bucket("dropping")
        for name in ("dropped", "skipped"):
            queue = self.queue(name)
            with self.assertRaisesRegex(ClientError, UNABLE):
                self.notify("dropping", "Queue", queue)
        self.notify("dropping", "Queue", queue, SkipDestinationValidation=True)
        self.server.client("s3").put_object(Bucket="dropping", Key="k", Body=b"1")
        self.assertEqual(self.received("skipped"), [])
        self.assertEqual(self.dropped(bucket), {queue: "s3.amazonaws.com may not sqs:SendMessage: nothing allows it"})

    def test_a_message_of_a_topic_reaches_only_queues_that_let_sns_send(self) -> None:
        sns = self.server.client("sns")
        topic = self.topic("fan-out")
        closed, encrypted = self.queue("closed"), self.encrypted("encrypted", lets("sns.amazonaws.com", "sqs:SendMessage", topic))
        for queue in (closed, encrypted):
            sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
        filtered = {"FilterPolicy": json.dumps({"colour": ["green"]})}
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=self.queue("filtered"), Attributes=filtered)
        self.subscribed(topic, "open")
        sns.publish(TopicArn=topic, Message="m")
        self.assertEqual([self.received(name) for name in ("closed", "encrypted", "open")], [[], [], ["m"]])
        reasons = self.dropped(topic)
        self.assertEqual(reasons.keys(), {closed, encrypted})
        self.assertEqual(reasons[closed], "sns.amazonaws.com may not sqs:SendMessage: nothing allows it")
        self.assertRegex(reasons[encrypted], "^sns.amazonaws.com may not use the key .*: nothing allows it$")

    def encrypted(self, name: str, statement: Dict[str, Any]) -> str:
        """A queue whose key lets in only the account."""
        root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
        key = self.server.client("kms").create_key(Policy=policy(root))["KeyMetadata"]["Arn"]
        self.server.client("sqs").create_queue(QueueName=name, Attributes={"KmsMasterKeyId": key, "Policy": policy(statement)})
        return arn_of("sqs", name)

    def test_an_event_reaches_only_queues_and_topics_that_let_in_eventbridge(self) -> None:
        events = self.server.client("events")
        rule = arn_of("events", "rule/deciding")
        open_topic = self.topic("event-open", lets("events.amazonaws.com", "sns:Publish"))
        self.subscribed(open_topic, "behind-open")
        targets = {
            "open": self.queue("event-queue", lets("events.amazonaws.com", "sqs:SendMessage", rule)),
            "other": self.queue("event-other", lets("events.amazonaws.com", "sqs:SendMessage", arn_of("events", "rule/other"))),
            "none": self.queue("event-none"),
            "topic": open_topic,
            "default": self.topic("event-default"),
            # EventBridge sends SNS no source, so that the condition is not met
            "conditional": self.topic("event-conditional", lets("events.amazonaws.com", "sns:Publish", rule)),
            "missing": arn_of("sqs", "gone"),
        }
        events.put_rule(Name="deciding", EventPattern='{"source": ["decision"]}')
        events.put_targets(Rule="deciding", Targets=[{"Id": name, "Arn": arn} for name, arn in targets.items()][:5])
        events.put_targets(Rule="deciding", Targets=[{"Id": name, "Arn": targets[name]} for name in ("conditional", "missing")])
        events.put_events(Entries=[{"Source": "decision", "DetailType": "d", "Detail": "{}"}])
        received = {name: len(self.received(name)) for name in ("event-queue", "event-other", "event-none", "behind-open")}
        self.assertEqual(received, {"event-queue": 1, "event-other": 0, "event-none": 0, "behind-open": 1})
        reasons = self.dropped(rule)
        self.assertEqual(reasons.keys(), {targets[name] for name in ("other", "none", "default", "conditional", "missing")})
        self.assertEqual(reasons[targets["default"]], "events.amazonaws.com may not sns:Publish: nothing allows it")
        self.assertEqual(reasons[targets["missing"]], f"{targets['missing']} does not exist")

    def role(self, name: str, service: str, *permissions: Dict[str, Any], source: Optional[str] = None) -> str:
        iam = self.server.client("iam")
        trust = {key: value for key, value in lets(service, "sts:AssumeRole", source).items() if key != "Resource"}
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
        if permissions:
            iam.put_role_policy(RoleName=name, PolicyName="permissions", PolicyDocument=policy(*permissions))
        return arn

    def test_a_target_of_a_rule_with_a_role_is_reached_by_the_permissions_of_the_role(self) -> None:
        events = self.server.client("events")
        may = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": arn_of("sqs", "by-role-*")}
        targets = [
            {"Id": name, "Arn": self.queue(f"by-role-{name}"), "RoleArn": self.role(f"rule-{name}", service, *permissions)}
            for name, service, permissions in [
                ("may", "events.amazonaws.com", [may]),
                ("may-not", "events.amazonaws.com", []),
                ("trust", "lambda.amazonaws.com", [may]),
            ]
        ]
        events.put_rule(Name="by-role", EventPattern='{"source": ["roles"]}')
        events.put_targets(Rule="by-role", Targets=targets)
        events.put_events(Entries=[{"Source": "roles", "DetailType": "d", "Detail": "{}"}])
        self.assertEqual([len(self.received(f"by-role-{name}")) for name in ("may", "may-not", "trust")], [1, 0, 0])
        self.assertEqual(
            self.dropped(arn_of("events", "rule/by-role")),
            {
                targets[1]["Arn"]: f"{targets[1]['RoleArn']} may not sqs:SendMessage: nothing allows it",
                targets[2]["Arn"]: f"events.amazonaws.com may not assume {targets[2]['RoleArn']}: nothing allows it",
            },
        )

    def test_a_schedule_delivers_what_its_role_may(self) -> None:
        scheduler, iam = self.server.client("scheduler"), self.server.client("iam")
        group = arn_of("scheduler", "schedule-group/default")
        may = {"Effect": "Allow", "Action": ["sqs:SendMessage", "sns:Publish"], "Resource": "*"}
        roles = {
            "may": self.role("may", "scheduler.amazonaws.com", may, source=group),
            "nothing": self.role("nothing", "scheduler.amazonaws.com"),
            "later": self.role("later", "scheduler.amazonaws.com", may),
        }
        shut = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
        targets = {
            "sent": (self.queue("due-sent"), "may"),
            # the default policy lets in the account's roles
            "published": (self.topic("due-topic"), "may"),
            "denied": (self.queue("due-denied", shut), "may"),
            "powerless": (self.queue("due-powerless"), "nothing"),
            "distrusted": (self.queue("due-distrusted"), "later"),
        }
        self.subscribed(targets["published"][0], "due-behind-topic")
        moment = datetime.now(timezone.utc) + timedelta(seconds=6)
        at = {"ScheduleExpression": f"at({moment:%Y-%m-%dT%H:%M:%S})", "FlexibleTimeWindow": {"Mode": "OFF"}}
        for name, (arn, role) in targets.items():
            scheduler.create_schedule(Name=name, **at, Target={"Arn": arn, "RoleArn": roles[role], "Input": "now"})
        iam.update_assume_role_policy(RoleName="later", PolicyDocument=policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}))
        reasons = {name: self.until(lambda: self.dropped(arn_of("scheduler", f"schedule/default/{name}"))) for name in ("denied", "powerless", "distrusted")}
        self.assertEqual(reasons["denied"], {targets["denied"][0]: f"{roles['may']} may not sqs:SendMessage: its policy[0] denies it"})
        self.assertEqual(reasons["powerless"], {targets["powerless"][0]: f"{roles['nothing']} may not sqs:SendMessage: nothing allows it"})
        self.assertEqual(reasons["distrusted"], {targets["distrusted"][0]: f"scheduler.amazonaws.com may not assume {roles['later']}: nothing allows it"})
        received = {name: self.received(name) for name in ("due-sent", "due-behind-topic", "due-denied", "due-powerless", "due-distrusted")}
        self.assertEqual(received, {"due-sent": ["now"], "due-behind-topic": ["now"], "due-denied": [], "due-powerless": [], "due-distrusted": []})

    def until(self, found: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + 20
        while not found() and time.monotonic() < deadline:
            time.sleep(0.1)
        return found()

    def test_a_schedule_whose_role_scheduler_may_not_assume_is_refused(self) -> None:
        scheduler = self.server.client("scheduler")
        elsewhere = arn_of("scheduler", "schedule-group/other")
        wrong = [
            self.role("untrusted", "lambda.amazonaws.com"),
            self.role("other-group", "scheduler.amazonaws.com", source=elsewhere),
            f"arn:aws:iam::{ACCOUNT}:role/nobody",
        ]
        hourly = {"ScheduleExpression": "rate(1 hour)", "FlexibleTimeWindow": {"Mode": "OFF"}}
        queue = self.queue("hourly")
        for role in wrong:
            with self.subTest(role), self.assertRaisesRegex(ClientError, "must allow AWS EventBridge Scheduler to assume the role"):
                scheduler.create_schedule(Name="hourly", **hourly, Target={"Arn": queue, "RoleArn": role})
        right = self.role("trusted", "scheduler.amazonaws.com")
        scheduler.create_schedule(Name="hourly", **hourly, Target={"Arn": queue, "RoleArn": right})
        with self.assertRaisesRegex(ClientError, "must allow AWS EventBridge Scheduler to assume the role"):
            scheduler.update_schedule(Name="hourly", **hourly, Target={"Arn": queue, "RoleArn": wrong[0]})
