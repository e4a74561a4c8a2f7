import { FARGATE_MEMORY_MIB } from "@packages/aws-sizes/fargate";
import { defineRule, each } from "../rule";

export const fargateOffersTaskSize = defineRule({
  id: "fargate-offers-task-size",
  sentence: "Fargate offers the task's CPU and memory together.",
  source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html",
  settings: ["processor.cpu", "processor.memory"],
  find: each("aws_ecs_task_definition", (task) => {
    const memory = FARGATE_MEMORY_MIB.get(Number(task.at("cpu").text));
    return !task.at("requires_compatibilities").texts.includes("FARGATE") ||
      memory?.includes(task.at("memory").number) === true
      ? undefined
      : {
          finding: `Fargate does not offer ${task.at("memory").text || "unset"} MiB with ${task.at("cpu").text || "unset"} CPU units`,
          remedy:
            memory === undefined
              ? `set processor.cpu to one of ${[...FARGATE_MEMORY_MIB.keys()].join(", ")}`
              : `set processor.memory to one of ${memory.join(", ")}`,
        };
  }),
});
