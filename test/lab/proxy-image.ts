import { copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { must } from './command.ts'
import { labFolder } from './engine.ts'
import { copyLibraries } from './image.ts'

const folders = ['bin', 'etc/nginx/conf.d', 'var/log/nginx', 'var/lib/nginx', 'run', 'tmp', 'proc', 'sys', 'dev']
const main = `user www-data;
worker_processes 2;
error_log stderr notice;
pid /run/nginx.pid;
events {}
http {
    access_log off;
    include /etc/nginx/conf.d/*.conf;
}
`

/** As the image of Nginx has it: what is in the environment takes its place in each template, and then Nginx begins. */
const entrypoint = `for template in /etc/nginx/templates/*.template; do
  [ -e "$template" ] || continue
  file=/etc/nginx/conf.d/$(basename "$template" .template)
  awk '{ for (name in ENVIRON) while ((at = index($0, "\${" name "}")) > 0)
    $0 = substr($0, 1, at - 1) ENVIRON[name] substr($0, at + length(name) + 3); print }' "$template" >"$file"
done
exec /bin/nginx -g 'daemon off;'
`

/**
 * Puts an image of this machine's Nginx into the engine, and gives its name. No registry has part in it.
 * @param tools with a shell and what else an image of the field has
 */
export async function makeProxyImage(tools: 'no tools' | 'tools' = 'no tools'): Promise<string> {
  const image = `${process.env['LAB_MARK']}/proxy:${tools === 'tools' ? 'tools' : 'lab'}`
  const root = join(labFolder, `proxy-${process.pid}-${tools.length}`)
  for (const folder of folders) await mkdir(join(root, folder), { recursive: true })
  const nginx = (await must(['sh', '-c', 'PATH=$PATH:/usr/sbin; command -v nginx'])).trim()
  await copyFile(nginx, join(root, 'bin/nginx'))
  await copyLibraries(nginx, root)
  await writeFile(join(root, 'etc/nginx/nginx.conf'), main)
  await writeFile(join(root, 'etc/nginx/mime.types'), 'types { text/html html; text/plain txt; }\n')
  await writeFile(
    join(root, 'etc/passwd'),
    'root:x:0:0::/:/bin/sh\nwww-data:x:33:33::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n',
  )
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nwww-data:x:33:\nnogroup:x:65534:\nnobody:x:65534:\n')
  if (tools === 'tools') {
    await copyFile((await must(['sh', '-c', 'command -v busybox'])).trim(), join(root, 'bin/busybox'))
    for (const name of [
      'sh',
      'cat',
      'dd',
      'stat',
      'awk',
      'basename',
      'readlink',
      'sort',
      'sed',
      'tr',
      'xargs',
      'grep',
    ]) {
      await symlink('busybox', join(root, 'bin', name))
    }
    await writeFile(join(root, 'entrypoint.sh'), entrypoint)
  }
  const command = tools === 'tools' ? '["/bin/sh","/entrypoint.sh"]' : '["/bin/nginx","-g","daemon off;"]'
  const changes = [`CMD ${command}`, 'ENV PATH=/bin']
  const flags = [...changes, `LABEL blue-green-lab=${process.env['LAB_MARK']}`].flatMap((line) => ['--change', line])
  await must([
    ...['sh', '-c', 'root=$1; shift; tar -C "$root" --owner=0 --group=0 -c . | docker import "$@" >/dev/null'],
    ...['sh', root, ...flags, '-', image],
  ])
  await rm(root, { recursive: true })
  return image
}
