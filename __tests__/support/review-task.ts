import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { handler, type ReviewEvent, type UrlAnswer } from "../../handlers/review-task";

const FUNCTION_ARN = "arn:aws:lambda:us-east-1:111122223333:function:review-task:live";

export interface ReviewTaskOptions {
  /** Key of signatures, which Secrets Manager answers. */
  readonly key: string;
  /** Environment variables with which Terraform Cloud is reached. */
  readonly env: Readonly<Record<string, string>>;
}

/** The run task's function behind its URL, with the two AWS services that it calls. */
export class ReviewTask {
  readonly statuses: number[] = [];
  /** Reviews that are not finished, or failed. */
  private readonly running: Promise<unknown>[] = [];
  private readonly urlServer: Server;
  private readonly aws: Server;
  private readonly saved: NodeJS.ProcessEnv = { ...process.env };

  private constructor(private readonly options: ReviewTaskOptions) {
    this.urlServer = createServer((request, response) => {
      void this.call(request).then(
        ({ statusCode, body }) => response.writeHead(statusCode).end(body),
        (error: unknown) => response.writeHead(502).end(String(error)),
      );
    });
    this.aws = createServer((request, response) => {
      void this.answerAws(request).then(({ status, body }) => response.writeHead(status).end(body));
    });
  }

  static async start(options: ReviewTaskOptions): Promise<ReviewTask> {
    const task = new ReviewTask(options);
    for (const server of [task.urlServer, task.aws])
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    Object.assign(process.env, options.env, {
      AWS_ENDPOINT_URL: urlOf(task.aws),
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      TERRAFORM_CLOUD_HOST: "app.terraform.io",
      SIGNATURE_KEY_ARN: "arn:aws:secretsmanager:us-east-1:111122223333:secret:key",
      LOG_LEVEL: "ERROR",
    });
    return task;
  }

  get url(): string {
    return urlOf(this.urlServer);
  }

  /** Waits for all reviews; throws the first error. */
  async finished(): Promise<void> {
    await Promise.all(this.running);
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.running);
    for (const name of Object.keys(process.env))
      if (!(name in this.saved)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, this.saved);
    for (const server of [this.urlServer, this.aws]) {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  }

  private async call(request: IncomingMessage): Promise<UrlAnswer> {
    const body = Buffer.from(await text(request)).toString("base64");
    const headers = request.headers as Readonly<Record<string, string>>;
    const answer = await handler(
      { headers, body, isBase64Encoded: true },
      { invokedFunctionArn: FUNCTION_ARN },
    );
    if (answer === undefined) throw new Error("the function gave no answer");
    this.statuses.push(answer.statusCode);
    return answer;
  }

  /** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, and GetSecretValue of Secrets Manager. */
  private async answerAws(request: IncomingMessage): Promise<{ status: number; body: string }> {
    const body = await text(request);
    if (request.headers["x-amz-target"] === "secretsmanager.GetSecretValue")
      return { status: 200, body: JSON.stringify({ SecretString: this.options.key }) };
    const isOwn = decodeURIComponent(request.url ?? "").includes(`/functions/${FUNCTION_ARN}/invocations`);
    if (!isOwn || request.headers["x-amz-invocation-type"] !== "Event")
      return { status: 400, body: JSON.stringify({ message: `${request.url} is not expected` }) };
    const review = handler(JSON.parse(body) as ReviewEvent, { invokedFunctionArn: FUNCTION_ARN });
    review.catch(() => undefined);
    this.running.push(review);
    return { status: 202, body: "" };
  }
}

const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
