import { each } from "../rule";

export const webAclRulesAreOrdered = each("aws_wafv2_web_acl", (acl) => {
  const priorities = [
    ...acl.at("rule_json").json.list.map((rule) => rule.at("Priority").text),
    ...acl.at("rule").list.map((rule) => rule.at("priority").text),
  ];
  return new Set(priorities).size === priorities.length && !priorities.includes("")
    ? undefined
    : {
        finding: `has rules without a priority of their own: ${priorities.join(", ")}`,
        remedy: "number the rules, each once",
      };
});
