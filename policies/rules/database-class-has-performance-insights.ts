import { hasPerformanceInsights } from "@packages/aws-sizes/database";
import { defineRule, each } from "../rule";

/** RDS refuses Performance Insights on the smallest classes. */
export const databaseClassHasPerformanceInsights = defineRule({
  id: "database-class-has-performance-insights",
  sentence: "Performance Insights is enabled only on instance classes that support it.",
  source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html",
  settings: ["database.performanceInsights", "database.instanceClass"],
  find: each("aws_db_instance", (database) =>
    !database.at("performance_insights_enabled").isTrue ||
    hasPerformanceInsights(database.at("instance_class").text)
      ? undefined
      : {
          finding: `${database.at("instance_class").text} does not support Performance Insights`,
          remedy: "set database.performanceInsights to false, or database.instanceClass to a larger class",
        },
  ),
});
