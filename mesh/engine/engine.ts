import { z } from 'zod';
import { ask } from '../command.ts';
import { interruption } from '../interruption.ts';

const infoSchema = z.object({
  ServerVersion: z.string(),
  CgroupVersion: z.string().default('1'),
  DefaultRuntime: z.string(),
  Runtimes: z
    .record(z.string(), z.object({ path: z.string().default('') }))
    .nullable()
    .default({}),
  DockerRootDir: z.string(),
  SecurityOptions: z.array(z.string()).nullable().default([]),
});

export interface Engine {
  readonly version: string;
  readonly cgroupVersion: '1' | '2';
  readonly defaultRuntime: string;
  /** Its program, where it is one that somebody named to the engine; else empty, or a name on the PATH. */
  readonly runtimeProgram: string;
  /** Folder on the engine's machine that holds images and containers. */
  readonly dataRoot: string;
  readonly rootless: boolean;
}

/** The Docker engine that the CLI reaches (DOCKER_HOST and contexts included), or undefined where none answers. */
export async function reachEngine(): Promise<Engine | undefined> {
  const printed = await ask('docker', ['info', '--format', '{{json .}}']);
  // Whoever stops asking knows nothing of the engine.
  interruption.signal.throwIfAborted();
  if (printed === undefined) return undefined;
  const info = infoSchema.safeParse(JSON.parse(printed));
  if (!info.success || info.data.ServerVersion === '') return undefined;
  return {
    version: info.data.ServerVersion,
    cgroupVersion: info.data.CgroupVersion === '2' ? '2' : '1',
    defaultRuntime: info.data.DefaultRuntime,
    runtimeProgram: info.data.Runtimes?.[info.data.DefaultRuntime]?.path ?? '',
    dataRoot: info.data.DockerRootDir,
    rootless: (info.data.SecurityOptions ?? []).some((option) => option.includes('rootless')),
  };
}
