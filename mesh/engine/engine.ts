import { z } from 'zod';
import { ask } from '../command.ts';

const infoSchema = z.object({
  ServerVersion: z.string(),
  CgroupVersion: z.string().default('1'),
  CgroupDriver: z.string(),
  DefaultRuntime: z.string(),
  DockerRootDir: z.string(),
  OSType: z.string(),
  SecurityOptions: z.array(z.string()).nullable().default([]),
});

export interface Engine {
  readonly version: string;
  readonly cgroupVersion: '1' | '2';
  readonly defaultRuntime: string;
  /** Folder on the engine's machine that holds images and containers. */
  readonly dataRoot: string;
  readonly rootless: boolean;
}

/** The Docker engine that the CLI reaches (DOCKER_HOST and contexts included), or undefined where none answers. */
export async function reachEngine(): Promise<Engine | undefined> {
  const printed = await ask('docker', ['info', '--format', '{{json .}}']);
  if (printed === undefined) return undefined;
  const info = infoSchema.safeParse(JSON.parse(printed));
  if (!info.success || info.data.ServerVersion === '') return undefined;
  return {
    version: info.data.ServerVersion,
    cgroupVersion: info.data.CgroupVersion === '2' ? '2' : '1',
    defaultRuntime: info.data.DefaultRuntime,
    dataRoot: info.data.DockerRootDir,
    rootless: (info.data.SecurityOptions ?? []).some((option) => option.includes('rootless')),
  };
}
