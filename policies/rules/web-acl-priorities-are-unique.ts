import { defineRule, each } from "../rule";

export const webAclPrioritiesAreUnique = defineRule({
  id: "web-acl-priorities-are-unique",
  sentence: "The rules of a web ACL have distinct priorities.",
  source: "https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-processing-order.html",
  code: { "stacks/constructs/edge/firewall-rules.ts": ["priority"] },
  find: each("aws_wafv2_web_acl", (acl) => {
    const priorities = [
      ...acl.at("rule_json").json.list.map((rule) => rule.at("Priority").text),
      ...acl.at("rule").list.map((rule) => rule.at("priority").text),
    ];
    return new Set(priorities).size === priorities.length && !priorities.includes("")
      ? undefined
      : {
          finding: `the priorities of the rules are missing or repeated: ${priorities.map((one) => one || "none").join(", ")}`,
          remedy: "give each rule a priority of its own",
        };
  }),
});
