"""SNS: delivery of messages to subscribed functions in SNS's format."""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional

from moto.core.responses import ActionResult
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend, Subscription
from moto.sns.responses import SNSResponse

from .. import lambda_events
from ..deliveries import admits
from ..registry import replaces

# E-mail and HTTPS subscriptions are unconfirmed and get nothing, as on AWS.
DELIVERED = ("sqs", "lambda", "http", "https", "email", "email-json")


@replaces(SNSBackend, "subscribe", "sns", "Subscribe", "accepts subscriptions to which nothing is delivered")
def subscribe(original: Callable, self: SNSBackend, topic_arn: str, endpoint: str, protocol: str) -> Subscription:
    if protocol not in DELIVERED:
        raise SNSInvalidParameter(
            f"Invalid parameter: the subscription of {endpoint} to {topic_arn} can't run in this embedded AWS: "
            f"it delivers by {', '.join(DELIVERED)}, not by {protocol}"
        )
    return original(self, topic_arn, endpoint, protocol)


# Protocols whose subscribers are people, who confirm by a link that SNS sends. An HTTPS endpoint that confirms by itself, such
# as a pager's, counts as confirmed: Terraform waits for it. https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
CONFIRMED_BY_LINK = ("email", "email-json")


@replaces(SNSResponse, "list_subscriptions_by_topic", "sns", "ListSubscriptionsByTopic", "returns an ARN for subscriptions that nobody has confirmed")
def list_by_topic(original: Callable, self: SNSResponse) -> ActionResult:
    answered = original(self)
    listed = [
        {
            "SubscriptionArn": "PendingConfirmation" if one.protocol in CONFIRMED_BY_LINK and not one.confirmed else one.arn,
            "Owner": one.owner,
            "Protocol": one.protocol,
            "Endpoint": one.endpoint,
            "TopicArn": one.topic_arn,
        }
        for one in answered.result["Subscriptions"]
    ]
    return ActionResult({**answered.result, "Subscriptions": listed})


@replaces(Subscription, "publish", "sns", "Publish", "delivers to queues whatever their policies say, and calls functions in Docker with only the text of the message")
def publish(original: Callable, self: Subscription, message: str, message_id: str, **more: Any) -> None:
    if self.protocol not in ("lambda", "sqs"):
        return original(self, message, message_id, **more)
    attributes = more.get("message_attributes")
    if self._filter_policy_matcher is not None and not self._filter_policy_matcher.matches(attributes, message):
        return None
    sender = {"service": "sns.amazonaws.com", "arn": self.topic.arn}
    if not admits(self.endpoint, sender):
        return None
    if self.protocol == "sqs":
        return original(self, message, message_id, **more)
    if more.get("message_structure") == "json":
        message = self._parse_message_structure(message, self.protocol)
    content = notification(self, message, message_id, more.get("subject"), attributes)
    record = {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": self.arn, "Sns": content}
    return lambda_events.put(self.endpoint, {"Records": [record]}, sender)


def notification(self: Subscription, message: str, message_id: str, subject: Optional[str], attributes: Optional[Dict[str, Any]]) -> Dict[str, Any]:
    """SNS's message with the field names that it uses for functions. https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html"""
    posted = self.get_post_data(message, message_id, subject)
    posted["SigningCertUrl"] = posted.pop("SigningCertURL")
    posted["UnsubscribeUrl"] = posted.pop("UnsubscribeURL")
    typed = {name: {"Type": one["Type"], "Value": one["Value"]} for name, one in (attributes or {}).items()}
    return {**posted, "Subject": subject, "MessageAttributes": typed}
