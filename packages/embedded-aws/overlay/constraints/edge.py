"""CloudFront, WAF, Route 53 and API Gateway."""

from __future__ import annotations

from typing import Any, Dict, Optional

from moto.apigateway.models import apigateway_backends
from moto.route53.models import route53_backends

from . import Call, refuses

CLOUDFRONT = "https://docs.aws.amazon.com/AmazonCloudFront/latest"
WAF = "https://docs.aws.amazon.com/waf/latest"
ROUTE53 = "https://docs.aws.amazon.com/Route53/latest"
API_GATEWAY = "https://docs.aws.amazon.com/apigateway/latest/developerguide"

DISTRIBUTIONS = ("cloudfront.CreateDistributionWithTags", "cloudfront.CreateDistribution", "cloudfront.UpdateDistribution")
WEB_ACLS = ("wafv2.CreateWebACL", "wafv2.UpdateWebACL")
# Region of everything that CloudFront uses.
CLOUDFRONT_REGION = "us-east-1"


def distribution_of(call: Call) -> Dict[str, Any]:
    tagged = call.parameters.get("DistributionConfigWithTags") or call.parameters
    return tagged.get("DistributionConfig") or {}


def certificate_of(call: Call) -> Optional[str]:
    return (distribution_of(call).get("ViewerCertificate") or {}).get("ACMCertificateArn")


@refuses("InvalidViewerCertificate", f"{CLOUDFRONT}/DeveloperGuide/cnames-and-https-requirements.html", *DISTRIBUTIONS)
def certificate_is_in_us_east_1(call: Call) -> Optional[str]:
    arn = certificate_of(call)
    if not arn or arn.split(":")[3] == CLOUDFRONT_REGION:
        return None
    return f"The specified SSL certificate doesn't exist, isn't in {CLOUDFRONT_REGION} region, isn't valid, or doesn't include a valid certificate chain."


@refuses("InvalidViewerCertificate", f"{CLOUDFRONT}/DeveloperGuide/CNAMEs.html", *DISTRIBUTIONS)
def aliases_have_a_certificate(call: Call) -> Optional[str]:
    viewer = distribution_of(call).get("ViewerCertificate") or {}
    aliases = (distribution_of(call).get("Aliases") or {}).get("Items")
    if not aliases or certificate_of(call) or viewer.get("IAMCertificateId"):
        return None
    return "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate that validates your authorization to use the domain name."


@refuses("InvalidWebACLId", f"{CLOUDFRONT}/APIReference/API_DistributionConfig.html", *DISTRIBUTIONS)
def web_acl_is_for_cloudfront(call: Call) -> Optional[str]:
    acl = distribution_of(call).get("WebACLId") or ""
    if not acl.startswith("arn:") or f":wafv2:{CLOUDFRONT_REGION}:" in acl and ":global/webacl/" in acl:
        return None
    return f"Web ACL {acl} is not accessible by the requester."


@refuses("WAFInvalidParameterException", f"{WAF}/APIReference/API_CreateWebACL.html", *WEB_ACLS)
def rules_have_priorities_of_their_own(call: Call) -> Optional[str]:
    priorities = [rule.get("Priority") for rule in call.parameters.get("Rules") or []]
    if len(set(priorities)) == len(priorities):
        return None
    return "Error reason: You have used an illegal value in the request. Rule priorities must be unique, field: RULE, parameter: Priority"


@refuses("WAFInvalidParameterException", f"{WAF}/APIReference/API_CreateWebACL.html", *WEB_ACLS)
def cloudfront_scope_is_in_us_east_1(call: Call) -> Optional[str]:
    if call.parameters.get("Scope") != "CLOUDFRONT" or call.region == CLOUDFRONT_REGION:
        return None
    return "Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT"


@refuses("WAFInvalidParameterException", f"{WAF}/APIReference/API_AssociateWebACL.html", "wafv2.AssociateWebACL")
def regional_resources_have_a_regional_acl(call: Call) -> Optional[str]:
    if ":global/webacl/" not in (call.parameters.get("WebACLArn") or ""):
        return None
    return "Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or slashes., field: RESOURCE_ARN"


@refuses("InvalidChangeBatch", f"{ROUTE53}/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat", "route53.ChangeResourceRecordSets")
def the_zone_itself_has_no_cname(call: Call) -> Optional[str]:
    zone = route53_backends[call.account]["aws"].zones.get(call.parameters["HostedZoneId"].split("/")[-1])
    for change in (call.parameters.get("ChangeBatch") or {}).get("Changes") or []:
        record = change["ResourceRecordSet"]
        if zone is not None and record["Type"] == "CNAME" and record["Name"].rstrip(".") == zone.name.rstrip("."):
            return f"[RRSet of type CNAME with DNS name {zone.name} is not permitted at apex in zone {zone.name}]"
    return None


@refuses("BadRequestException", f"{API_GATEWAY}/set-up-logging.html", "apigateway.UpdateStage")
def execution_logs_need_a_role_of_the_account(call: Call) -> Optional[str]:
    writes_logs = any(
        patch.get("path", "").endswith("/logging/loglevel") and patch.get("value") not in (None, "OFF")
        for patch in call.parameters.get("patchOperations") or []
    )
    role = apigateway_backends[call.account][call.region].account.cloudwatch_role_arn
    if not writes_logs or role:
        return None
    return "CloudWatch Logs role ARN must be set in account settings to enable logging"
