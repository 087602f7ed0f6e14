import { type Configuration, parseConfiguration } from '../../../../src/routers/nginx/config/configuration.ts'

/** A whole configuration, `nginx.conf` alone, from what stands in `http`. */
export function inHttp(http: string): string {
  return `events {}\nhttp {\n${http}\n}\n`
}

export function configurationOf(http: string): Configuration {
  return parseConfiguration([{ path: '/etc/nginx/nginx.conf', text: inHttp(http) }])
}

export const pair = `upstream app_blue  { server 127.0.0.1:8080; }
upstream app_green { server 127.0.0.1:8081; }
`

export const backedPair = `${pair}
upstream app_blue_backed  { server 127.0.0.1:8080 max_fails=5 fail_timeout=5s; server 127.0.0.1:8081 backup; }
upstream app_green_backed { server 127.0.0.1:8081 max_fails=5 fail_timeout=5s; server 127.0.0.1:8080 backup; }
`

export const choice = `open_file_cache off;
    set $app_color blue;
    if (-f /var/lib/blue-green/app/green)  { set $app_color green; }
    set $app_upstream app_$app_color;`

export const backedChoice = `${choice}
    if (-f /var/lib/blue-green/app/backed) { set $app_upstream app_\${app_color}_backed; }`

export const marker = 'location = /.blue-green { default_type text/plain; return 200 "$app_upstream\\n"; }'

/** The documented switch. */
export const documented = `${backedPair}
server {
    listen 8090;
    server_name app.example.com;
    ${backedChoice}
    ${marker}
    location / { proxy_pass http://$app_upstream; proxy_connect_timeout 1s; }
}`

/** Configurations as people have them, each one that Nginx accepts. */
export const real: Readonly<Record<string, string>> = {
  documented: inHttp(documented),
  'a block for reload': inHttp(`# the application
    upstream app {
        least_conn;
        server 127.0.0.1:8080 weight=2 max_fails=3;   # blue; don't touch
        server 127.0.0.1:8081 down; # green {
        keepalive 16;
    }
    server { listen 8090 default_server; server_name _; location / { proxy_pass http://app; } }`),
  'quotes and braces': inHttp(`log_format main '$remote_addr "$request" \${status}{}' "it's; # no comment";
    map $http_upgrade $connection_upgrade { default upgrade; '' close; }
    server { listen 8090;
      if ($request_uri ~ "^/x{2,3}") { return 404; }
      location ~ "^/a\\d+;?/b" { return 200 'a;b}{'; }
      location ~* "\\.(jpg|png){1}$" { expires 30d; }
      location / { return 200 "say \\"hi\\" \${host}#1\\n"; } }`),
  'tabs and CRLF': 'events {}\r\nhttp {\r\n\tserver\r\n\t{\r\n\t\tlisten\t8090 ; # x\r\n\t\treturn 204;}\r\n}\r\n',
  'without a last newline': 'events{}http{server{listen 8090;location /{return 200 ok#no;}}}',
  'umlauts and other bytes': inHttp(`# Grüße für Jürgen – ✓
    upstream app { server [::1]:8080; server unix:/tmp/a.sock backup; }
    server { listen 8090; location / { proxy_pass http://app; } }`),
  'tables of the request': inHttp(`split_clients $remote_addr $share { 50% one; * two; }
    geo $inside { default 0; 10.0.0.0/8 1; }
    server { listen 8090; location / { return 200 $share$inside; location /nested { return 204; } } }`),
}
