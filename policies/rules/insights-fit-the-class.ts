import { each, unless } from "../rule";

export const insightsFitTheClass = each("aws_db_instance", (database) =>
  unless(
    !database.at("performance_insights_enabled").isTrue ||
      !database.at("instance_class").text.endsWith(".micro"),
    `${database.at("instance_class").text} has no Performance Insights: AWS refuses it`,
    "set performanceInsightsEnabled: false, or a larger instanceClass",
  ),
);
