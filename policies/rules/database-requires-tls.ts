import { defineRule, each } from "../rule";

export const databaseRequiresTls = defineRule({
  id: "database-requires-tls",
  sentence: "A database accepts connections with TLS only.",
  source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html",
  code: { "stacks/constructs/data/database.ts": ["parameterGroupName", "rds.force_ssl"] },
  find: each("aws_db_instance", (database, stack) => {
    const group = stack.meant("aws_db_parameter_group", database.at("parameter_group_name").text);
    const force = group
      ?.at("parameter")
      .list.find((parameter) => parameter.at("name").text === "rds.force_ssl");
    return force?.at("value").text === "1"
      ? undefined
      : {
          finding: "connections without TLS are accepted",
          remedy:
            'set parameterGroupName to a parameter group of this stack with { name: "rds.force_ssl", value: "1" }',
        };
  }),
});
