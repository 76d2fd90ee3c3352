/** This machine's processor as Go and the image registries call it. */
export function goArchitecture(): 'amd64' | 'arm64' {
  return process.arch === 'arm64' ? 'arm64' : 'amd64';
}
