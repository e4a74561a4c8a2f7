import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { getSignedCookies } from "@aws-sdk/cloudfront-signer";
import { Signer } from "@aws-sdk/rds-signer";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import xray from "aws-xray-sdk-core";
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import { HTTPException } from "hono/http-exception";
import { Redis } from "ioredis";
import { Pool } from "pg";
import { z } from "zod";
import openapi from "./openapi.json";

const {
  AWS_REGION: region,
  DATABASE_HOST,
  DATABASE_PORT,
  DATABASE_NAME,
  DATABASE_USER,
  CACHE_HOST,
  CACHE_PORT,
  UPLOADS_BUCKET,
  STREAMS_BUCKET,
  PLAYBACK_KEYS_SECRET_ARN,
  PUBLIC_URL,
} = process.env;

const s3 = xray.captureAWSv3Client(new S3Client({ region }));
const secrets = xray.captureAWSv3Client(new SecretsManagerClient({ region }));
const port = Number(DATABASE_PORT);
const signer = new Signer({ hostname: DATABASE_HOST, port, username: DATABASE_USER, region });
const pool = new Pool({
  ...{ host: DATABASE_HOST, port, database: DATABASE_NAME, user: DATABASE_USER, max: 1 },
  password: () => signer.getAuthToken(),
  ssl: { rejectUnauthorized: true },
});
const redis = new Redis({ host: CACHE_HOST, port: Number(CACHE_PORT), tls: {}, lazyConnect: true });

const PART = 8 * 1024 * 1024;
const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  status: z.enum(["registered", "uploaded", "processing", "ready", "failed"]).optional(),
  cursor: z.string().optional(),
});
const newMedia = z.strictObject({
  title: z.string().trim().min(1).max(200),
  contentType: z.string().regex(/^video\/[\w.+-]+$/),
  sizeBytes: z.number().int().min(1).max(50_000_000_000),
});
const wantedParts = z.strictObject({ partNumbers: z.array(z.number().int().min(1).max(1_000)).min(1) });
const completion = z.strictObject({
  parts: z.array(z.strictObject({ partNumber: z.number().int(), etag: z.string() })).min(1),
});

const app = new Hono();
app.use(async (context, next) => {
  const started = Date.now();
  await next();
  const { method, path } = context.req;
  console.log(JSON.stringify({ method, path, status: context.res.status, ms: Date.now() - started }));
});
app.onError((error, context) => {
  if (error instanceof z.ZodError) return context.json({ title: "Bad Request", errors: error.issues }, 400);
  if (error instanceof HTTPException) return context.json({ title: error.message }, error.status);
  console.error(error);
  return context.json({ title: "Internal Server Error" }, 500);
});

async function query(text, values) {
  return (await pool.query(text, values)).rows;
}
async function found(id) {
  const [media] = await query("SELECT * FROM media WHERE id = $1", [z.uuid().parse(id)]);
  if (media === undefined) throw new HTTPException(404, { message: "Not Found" });
  return media;
}
async function own(context) {
  const media = await found(context.req.param("id"));
  const caller = context.env.requestContext?.authorizer?.claims?.sub;
  if (media.owner !== caller) throw new HTTPException(403, { message: "Forbidden" });
  return media;
}
async function cached(key, seconds, load) {
  const kept = await redis.get(key).catch(() => null);
  if (kept !== null) return JSON.parse(kept);
  const value = await load();
  await redis.set(key, JSON.stringify(value), "EX", seconds).catch(() => undefined);
  return value;
}
const source = (id) => ({ Bucket: UPLOADS_BUCKET, Key: `uploads/${id}/source` });
const partUrls = (media, numbers) =>
  Promise.all(
    numbers.map(async (PartNumber) => ({
      partNumber: PartNumber,
      url: await getSignedUrl(
        s3,
        new UploadPartCommand({ ...source(media.id), UploadId: media.upload_id, PartNumber }),
        { expiresIn: 3_600 },
      ),
    })),
  );

app.get("/media", async (context) => {
  const { limit, status = null, cursor = null } = listQuery.parse(context.req.query());
  const load = () =>
    query(
      `SELECT * FROM media WHERE ($2::text IS NULL OR status = $2) AND ($3::timestamptz IS NULL OR created_at < $3)
       ORDER BY created_at DESC LIMIT $1`,
      [limit, status, cursor],
    );
  return context.json({ items: await cached(`list:${limit}:${status}:${cursor}`, 5, load) });
});
app.post("/media", async (context) => {
  const { title, contentType, sizeBytes } = newMedia.parse(await context.req.json());
  const owner = context.env.requestContext?.authorizer?.claims?.sub;
  const [media] = await query(
    "INSERT INTO media (title, content_type, size_bytes, owner) VALUES ($1, $2, $3, $4) RETURNING *",
    [title, contentType, sizeBytes, owner],
  );
  const command = new CreateMultipartUploadCommand({ ...source(media.id), ContentType: contentType });
  media.upload_id = (await s3.send(command)).UploadId;
  await query("UPDATE media SET upload_id = $2 WHERE id = $1", [media.id, media.upload_id]);
  const numbers = Array.from({ length: Math.ceil(sizeBytes / PART) }, (_, index) => index + 1);
  return context.json({ media, upload: { parts: await partUrls(media, numbers) } }, 201);
});
app.get("/media/:id", async (context) => {
  const id = context.req.param("id");
  return context.json(await cached(`media:${id}`, 30, () => found(id)));
});
app.delete("/media/:id", async (context) => {
  const { id } = await own(context);
  for (const [Bucket, Prefix] of [
    [UPLOADS_BUCKET, `uploads/${id}/`],
    [STREAMS_BUCKET, `stream/${id}/`],
  ]) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
    const Objects = Contents.map(({ Key }) => ({ Key }));
    if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }
  await query("DELETE FROM media WHERE id = $1", [id]);
  return context.body(null, 204);
});
app.post("/media/:id/upload/parts", async (context) => {
  const { partNumbers } = wantedParts.parse(await context.req.json());
  return context.json({ parts: await partUrls(await own(context), partNumbers) });
});
app.post("/media/:id/upload/complete", async (context) => {
  const media = await own(context);
  const { parts } = completion.parse(await context.req.json());
  const Parts = parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag }));
  await s3.send(
    new CompleteMultipartUploadCommand({
      ...source(media.id),
      UploadId: media.upload_id,
      MultipartUpload: { Parts },
    }),
  );
  await query("UPDATE media SET status = 'uploaded', upload_id = NULL WHERE id = $1", [media.id]);
  return context.json(await found(media.id));
});
app.post("/media/:id/upload/abort", async (context) => {
  const media = await own(context);
  await s3.send(new AbortMultipartUploadCommand({ ...source(media.id), UploadId: media.upload_id }));
  await query("UPDATE media SET status = 'failed', upload_id = NULL WHERE id = $1", [media.id]);
  return context.json(await found(media.id));
});
app.get("/media/:id/playback", async (context) => {
  const { playback_path: path } = await found(context.req.param("id"));
  const { SecretString } = await secrets.send(
    new GetSecretValueCommand({ SecretId: PLAYBACK_KEYS_SECRET_ARN }),
  );
  const [keyPairId, privateKey] = Object.entries(JSON.parse(SecretString)).at(-1);
  const url = `${PUBLIC_URL}/${path}`;
  const DateLessThan = { "AWS:EpochTime": Math.floor(Date.now() / 1_000) + 21_600 };
  const policy = JSON.stringify({ Statement: [{ Resource: `${url}*`, Condition: { DateLessThan } }] });
  for (const [name, value] of Object.entries(getSignedCookies({ keyPairId, privateKey, policy }))) {
    context.header("set-cookie", `${name}=${value}; Secure; HttpOnly`, { append: true });
  }
  return context.json({ url: `${url}master.m3u8` });
});
app.get("/health", async (context) => {
  const [database, cache] = await Promise.allSettled([query("SELECT 1"), redis.ping()]);
  const up = ({ status }) => (status === "fulfilled" ? "up" : "down");
  return context.json(
    { database: up(database), cache: up(cache) },
    database.status === "fulfilled" ? 200 : 503,
  );
});
app.get("/openapi.json", (context) => context.json(openapi));

export const handler = handle(app);
