import { type AddOnName, catalogue, type Supply } from '../../addons/catalogue.ts';
import { cachePath } from '../../paths.ts';
import type { Say } from '../../say.ts';
import { versions } from '../../versions.ts';
import { download } from '../registry/download.ts';
import { lockCache } from '../store.ts';
import { buildImage, dockerfile, type Part } from './image.ts';
import { baseImage } from './rootfs.ts';

/** Maven Central has Zipkin; the others are nowhere but in image registries. Debian's Prometheus is built without Kubernetes discovery. */
export async function addOn(name: AddOnName, _istio: string, say: Say): Promise<Supply> {
  if (name === 'prometheus')
    return {
      lacking: "Debian's Prometheus cannot find pods (no kubernetes_sd_configs): it comes from image registries alone",
    };
  if (name !== 'zipkin')
    return {
      lacking: `no package has ${catalogue[name].title}: it comes from image registries alone (--images registry)`,
    };
  using _ = await lockCache(say);
  const context = { 'zipkin.jar': await zipkinJar(say) };
  const args = { BASE: await baseImage(say) };
  const recipe = { repository: `istio-e2e/${name}`, dockerfile: dockerfile(name), context, args, network: true };
  return { image: await buildImage(recipe, say) };
}

/** The slim one: it keeps traces in memory, and knows no databases. */
async function zipkinJar(say: Say): Promise<Part> {
  const { version, sha256 } = versions.zipkinJar;
  say(`fetching Zipkin ${version} from Maven Central`);
  const path = await download({
    what: `Zipkin ${version}`,
    url: `https://repo1.maven.org/maven2/io/zipkin/zipkin-server/${version}/zipkin-server-${version}-slim.jar`,
    checksum: { sha256 },
    to: cachePath('downloads', `zipkin-server-${version}-slim-${sha256.slice(0, 12)}.jar`),
  });
  return { path, hash: sha256 };
}
