/** Servers of the embedded AWS for local rehearsals. */
export { clientConfig, emulatorEnvironment } from "@packages/embedded-aws/client";
export { startEmulator } from "@packages/embedded-aws/servers/emulator";
export { dataFolder, type PostgresServer, startPostgres } from "@packages/embedded-aws/servers/postgres";
export { postgresBinaries } from "@packages/embedded-aws/servers/postgres-binaries";
export { enterableFolder, privateFolder, serviceUser } from "@packages/embedded-aws/servers/service-user";
