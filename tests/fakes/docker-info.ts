/** What `docker info` says of an engine, as far as anybody here reads it. */
export const dockerInfo = {
  ServerVersion: '27.0.0',
  DefaultRuntime: 'runc',
  DockerRootDir: '/nowhere',
} as const;
