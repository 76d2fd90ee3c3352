import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask } from '../../command.ts';
import { cachePath } from '../../paths.ts';
import type { Say } from '../../say.ts';
import { hashFile, hashTree, nameOf } from '../hash.ts';
import { keep, lockCache } from '../store.ts';
import { goBuild } from './go-build.ts';
import type { Part } from './image.ts';
import { findGo } from './toolchain.ts';

const module = fileURLToPath(new URL('go/prometheus/', import.meta.url));
const program = 'github.com/prometheus/prometheus/cmd/prometheus';
/** It finds targets by Kubernetes alone: the other ways would bring the clients of a dozen clouds. */
const flags = ['-trimpath', '-tags=remove_all_sd,enable_kubernetes_sd', '-ldflags=-s -w'];

/**
 * Compiles Prometheus from its Go module, at the versions that the other programs share as far as there are any in common. It has a lock of its own, so that
 * nobody who needs only those waits for it.
 */
export async function prometheusProgram(say: Say): Promise<Part> {
  using _ = await lockCache(say, 'prometheus');
  const go = await findGo(say);
  const version = (await ask(go, ['version'])) ?? '';
  const folder = cachePath('programs', `prometheus-${nameOf(version, ...flags, await hashTree(module))}`);
  await keep(folder, (halfMade) => compile(go, halfMade, say));
  const path = join(folder, 'prometheus');
  return { path, hash: await hashFile(path) };
}

async function compile(go: string, folder: string, say: Say): Promise<void> {
  await goBuild(go, module, [...flags, '-o', `${folder}/`, program], 'Prometheus', say);
}
