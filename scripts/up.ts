import { Command } from 'commander';
import { withAppImages } from './app-images-option.ts';
import { main } from './command.ts';
import { type ClusterOptions, withCluster, withVersions } from './options.ts';
import { Progress } from './progress.ts';
import { bringUp, lock } from './steps.ts';

const command = withAppImages(
  withVersions(
    withCluster(
      new Command('up').description(
        'Engine, binaries, images, cluster and Istio: makes what is missing, keeps what is right',
      ),
    ),
  ),
);

await main(
  command.action(async (options: ClusterOptions) => {
    using _ = lock(options);
    const progress = new Progress();
    const handle = await bringUp(options, progress);
    console.log(
      `\nIstio ${handle.istioVersion} is up on ${handle.name} (Kubernetes ${handle.kubernetesVersion})\n${progress.table()}`,
    );
    console.log(`\nTo look around: export KUBECONFIG=${handle.kubeconfig}`);
  }),
);
