import { each } from "../rule";

export const databaseForcesTls = each("aws_db_instance", (database, stack) => {
  const group = stack.meant("aws_db_parameter_group", database.at("parameter_group_name").text);
  const force = group
    ?.at("parameter")
    .list.find((parameter) => parameter.at("name").text === "rds.force_ssl");
  return force?.at("value").text === "1"
    ? undefined
    : {
        finding: "accepts connections without TLS",
        remedy: 'give it a parameter group of this stack with { name: "rds.force_ssl", value: "1" }',
      };
});
