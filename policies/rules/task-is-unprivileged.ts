import { each } from "../rule";

const ROOT_USER = /^(0|root)?(:|$)/;

export const taskIsUnprivileged = each("aws_ecs_task_definition", (task) =>
  task.at("container_definitions").json.list.flatMap((container) =>
    container.at("readonlyRootFilesystem").isTrue &&
    !container.at("privileged").isTrue &&
    !ROOT_USER.test(container.at("user").text)
      ? []
      : [
          {
            finding: `container ${container.at("name").text} is root, privileged, or can write to its file system`,
            remedy: 'set readonlyRootFilesystem: true and user to another than root ("1000:1000")',
          },
        ],
  ),
);
