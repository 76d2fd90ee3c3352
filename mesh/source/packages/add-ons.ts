import { type AddOnName, catalogue, type Supply } from '../../addons/catalogue.ts';
import { cachePath } from '../../paths.ts';
import type { Say } from '../../say.ts';
import { versions } from '../../versions.ts';
import { download } from '../registry/download.ts';
import { lockCache } from '../store.ts';
import { buildImage, dockerfile, type Part, type Recipe } from './image.ts';
import { prometheusProgram } from './prometheus.ts';
import { baseImage } from './rootfs.ts';

const recipes = { prometheus: prometheusRecipe, zipkin: zipkinRecipe };

/** The Go module proxy has Prometheus, and Maven Central has Zipkin; the others are nowhere but in image registries. */
export async function addOn(name: AddOnName, _istio: string, say: Say): Promise<Supply> {
  if (name !== 'prometheus' && name !== 'zipkin')
    return {
      lacking: `no package has ${catalogue[name].title}: it comes from image registries alone (--images registry)`,
    };
  const recipe = await recipes[name](say);
  using _ = await lockCache(say);
  return { image: await buildImage(recipe, say) };
}

/** What takes minutes of them the first time, and needs no cluster. */
export async function prepareAddOns(say: Say): Promise<void> {
  await prometheusProgram(say);
}

async function prometheusRecipe(say: Say): Promise<Recipe> {
  const context = { 'bin/prometheus': await prometheusProgram(say) };
  return { repository: 'istio-e2e/prometheus', dockerfile: dockerfile('prometheus'), context };
}

async function zipkinRecipe(say: Say): Promise<Recipe> {
  using _ = await lockCache(say);
  const context = { 'zipkin.jar': await zipkinJar(say) };
  const args = { BASE: await baseImage(say) };
  return { repository: 'istio-e2e/zipkin', dockerfile: dockerfile('zipkin'), context, args, network: true };
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
