// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/http/reply_head.h"

#include <algorithm>
#include <iterator>

#include "lib/base/text.h"
#include "lib/log/log_id.h"
#include "lib/signature/probe.h"
#include "lib/webhook/endpoint.h"
#include "mod_plivo_dial/ctl/http/shown_url.h"

namespace plivo_dial::ctl {
namespace {

// Gives `value` what a line of the header `name` says.
void take(std::string_view line, std::string_view name, std::string& value) {
  const bool is_it = line.size() > name.size() && line[name.size()] == ':' &&
                     equals_ignoring_case(line.substr(0, name.size()), name);
  if (!is_it) return;
  line.remove_prefix(name.size() + 1);
  const std::size_t first = line.find_first_not_of(" \t");
  value = first == std::string_view::npos ? "" : std::string(line.substr(first));
}

std::string shortened(const std::string& value) {
  constexpr std::size_t kMost = 120;
  return value.substr(0, kMost);
}

}  // namespace

void read_head_line(std::string_view line, ReplyHead& head) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    head = {};
    return;
  }
  take(line, "Allow", head.allow);
  take(line, "Cache-Control", head.cache_control);
  take(line, "Content-Type", head.content_type);
  take(line, "Server", head.server);
  take(line, "Location", head.location);
  take(line, kMarkHeader, head.mark);
}

bool is_our_method_refusal(const ReplyHead& head) {
  return head.status == 405 && (head.allow == allowed_methods(Endpoint::kAnswer) ||
                                head.allow == allowed_methods(Endpoint::kEvent));
}

bool is_document_type(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return equals_ignoring_case(type, "application/xml") || equals_ignoring_case(type, "text/xml");
}

// The module ends them itself, with the status as their text, lest an ErrorDocument do. Other
// headers of them may have been set anew by then.
bool is_our_refusal(const ReplyHead& head, std::string_view body) {
  constexpr std::string_view kTexts[] = {"400 Bad Request\n",
                                         "403 Forbidden\n",
                                         "405 Method Not Allowed\n",
                                         "408 Request Timeout\n",
                                         "413 Request Entity Too Large\n",
                                         "415 Unsupported Media Type\n",
                                         "503 Service Unavailable\n"};
  const bool named = has_log_id(body, log_id::kProcessCannotStore) ||
                     (std::find(std::begin(kTexts), std::end(kTexts), body) != std::end(kTexts) &&
                      body.starts_with(std::to_string(head.status) + " "));
  return head.status >= 400 && head.content_type.starts_with("text/plain") && named;
}

std::string silence_advice(bool proxy_protocol) {
  return proxy_protocol ? "where the server does not expect the PROXY protocol, leave out "
                          "--proxy-protocol"
                        : "where the server expects the PROXY protocol (RemoteIPProxyProtocol), "
                          "add --proxy-protocol";
}

std::string stranger_text(const ReplyHead& head) {
  const std::string status = std::to_string(head.status);
  const std::string by = head.server.empty() ? "" : " (Server: " + shortened(head.server) + ")";
  if (head.status >= 300 && head.status < 400) {
    return "is redirected with " + status + " to " + shortened(shown_url(head.location)) +
           ", which Plivo's signature does not survive: take the path out of that Redirect or "
           "RewriteRule";
  }
  switch (head.status) {
    case 400:
      if (head.proxy_protocol) {
        return "is refused with 400" + by +
               ", as by a server that does not expect the PROXY protocol: leave out "
               "--proxy-protocol; where it expects it (RemoteIPProxyProtocol), httpd's "
               "LimitRequestFields, LimitRequestFieldSize or LimitRequestLine are too low";
      }
      return "is refused with 400" + by +
             " before mod_plivo_dial sees the request: httpd's LimitRequestFields, "
             "LimitRequestFieldSize or LimitRequestLine are too low for what Plivo sends, or this "
             "port speaks another protocol (TLS, PROXY)";
    case 401:
      return "asks for a password (401), and Plivo has none: take the path out of the "
             "authentication there (Require, AuthType)";
    case 403:
      return "is forbidden (403) before mod_plivo_dial sees the request, which leaves no line PD02 "
             "in the error log: take the path out of the access control (Require, Limit) or the "
             "firewall module (security2, evasive) there; where that lets in addresses of Plivo's "
             "(Require ip), only a call from there can show it";
    case 404:
      return "is not found (404)" + by +
             ": another virtual host, an alias or another SetHandler answers there; put the "
             "Location into that virtual host, or reload httpd if it is new";
    case 413:
      return "is refused with 413" + by +
             ", too large: raise LimitRequestBody there, or the limit of a firewall module or of a "
             "proxy in front";
    default:
      return "is answered with " + status + by +
             " by something else than mod_plivo_dial: look for "
             "another SetHandler, a ProxyPass or a rewrite that takes the path, or reload httpd";
  }
}

}  // namespace plivo_dial::ctl
