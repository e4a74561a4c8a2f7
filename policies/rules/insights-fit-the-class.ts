import { hasPerformanceInsights } from "@packages/aws-sizes/database";
import { each } from "../rule";

export const insightsFitTheClass = each("aws_db_instance", (database) =>
  !database.at("performance_insights_enabled").isTrue ||
  hasPerformanceInsights(database.at("instance_class").text)
    ? undefined
    : {
        finding: `${database.at("instance_class").text} has no Performance Insights: AWS refuses it`,
        remedy: "set performanceInsightsEnabled: false, or a larger instanceClass",
      },
);
