// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/url_candidates.h"

#include <algorithm>
#include <charconv>

#include "lib/base/absolute_url.h"
#include "lib/base/text.h"
#include "lib/signature/url.h"

namespace plivo_dial {
namespace {

// More would lie behind the last URL that is tried.
constexpr int kMaxConfiguredHosts = 8;
constexpr int kMaxRequestHosts = 4;
constexpr std::size_t kMaxPorts = 8;
constexpr std::size_t kMaxRequestHostBytes = 100;

// How unlikely it is that a URL differs in this: one sum orders all combinations.
constexpr int kOtherScheme = 1;
constexpr int kOtherHost = 1;
constexpr int kNextHost = 1;  // for each configured host before
constexpr int kOtherPort = 1;
constexpr int kDefaultPort = 2;
constexpr int kListeningPort = 2;
constexpr int kNextPort = 1;
constexpr int kOtherSlash = 2;
constexpr int kNoPrefix = 2;
constexpr int kOtherPath = 1;
constexpr int kDecodedPath = 2;

struct Origin {
  std::string_view scheme;  // "https"; "" when there is none
  std::string_view host;
  std::string_view port;  // "" when none is written
  std::string_view prefix;
};

struct Host {
  std::string_view name;
  std::string_view port;
  bool from_request = false;
  int cost = 0;
};

struct Port {
  std::string text;
  int cost = 0;
};

struct Combination {
  bool other_scheme = false;
  const Host* host = nullptr;
  std::string_view port;
  bool with_prefix = true;
  bool other_slash = false;
  std::string_view in_front;  // of the path, in place of the prefix
  std::string_view path;      // in place of the path; "": its own
  int cost = 0;
};

void split_authority(std::string_view authority, std::string_view& host, std::string_view& port) {
  const std::size_t bracket = authority.find(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  host = authority.substr(0, colon);
  if (colon != std::string_view::npos) port = authority.substr(colon + 1);
}

Origin split_origin(std::string_view text) {
  Origin origin;
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return origin;
  origin.scheme = text.substr(0, scheme_end);
  text.remove_prefix(scheme_end + 3);
  const std::size_t authority_end = std::min(text.find('/'), text.size());
  split_authority(text.substr(0, authority_end), origin.host, origin.port);
  origin.prefix = text.substr(authority_end);
  return origin;
}

std::string_view first_of_list(std::string_view text) {
  text = text.substr(0, text.find(','));
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::vector<Host> hosts_to_try(const RefusedRequest& request, const Origin& own) {
  std::vector<Host> hosts;
  if (!own.host.empty()) hosts.push_back({own.host, own.port, false, 0});
  int configured = 0;
  int from_request = 0;
  for (const HostCandidate& candidate : request.hosts) {
    const std::string_view text = first_of_list(candidate.host);
    if (candidate.from_request && text.size() > kMaxRequestHostBytes) continue;
    if (!check_host_and_port(text).ok()) continue;
    int& count = candidate.from_request ? from_request : configured;
    if (count == (candidate.from_request ? kMaxRequestHosts : kMaxConfiguredHosts)) continue;
    Host host;
    split_authority(text, host.name, host.port);
    const bool known = std::ranges::any_of(hosts, [&](const Host& other) {
      return !other.from_request && equals_ignoring_case(other.name, host.name);
    });
    host.from_request = candidate.from_request && !known;
    host.cost = kOtherHost + (candidate.from_request ? 0 : configured * kNextHost);
    ++count;
    hosts.push_back(host);
  }
  return hosts;
}

std::vector<Port> ports_to_try(const RefusedRequest& request, const Host& host, const Origin& own,
                               bool https) {
  std::vector<Port> ports = {{std::string(host.port), 0}, {"", kOtherPort}};
  ports.push_back({std::string(own.port), kOtherPort});
  ports.push_back({https ? "443" : "80", kDefaultPort});
  int cost = kListeningPort;
  for (const std::uint16_t port : request.ports.first(std::min(request.ports.size(), kMaxPorts))) {
    ports.push_back({std::to_string(port), cost});
    cost += kNextPort;
  }
  return ports;
}

std::string_view other_scheme_than(const Origin& own) {
  return equals_ignoring_case(own.scheme, "https") ? "http" : "https";
}

std::string_view scheme_of(const Combination& combination, const Origin& own) {
  return combination.other_scheme ? other_scheme_than(own) : own.scheme;
}

std::string origin_of(const Combination& combination, const Origin& own) {
  std::string text(scheme_of(combination, own));
  text.append("://").append(combination.host->name);
  if (!combination.port.empty()) text.append(":").append(combination.port);
  if (combination.with_prefix) text.append(own.prefix);
  return text.append(combination.in_front);
}

std::string target_of(const Combination& combination, std::string_view target) {
  const std::size_t path_end = std::min(target.find_first_of("?#"), target.size());
  std::string text(combination.path.empty() ? target.substr(0, path_end) : combination.path);
  if (combination.other_slash && text.ends_with('/')) {
    text.pop_back();
  } else if (combination.other_slash) {
    text.push_back('/');
  }
  return text.append(target.substr(path_end));
}

// The signature of a URL whose path is "/" is tried without it anyway.
bool slash_may_differ(std::string_view target) {
  return path_of(target).size() > 1;
}

class Candidates {
 public:
  Candidates(const RefusedRequest& request, std::size_t limit)
      : request_(request), limit_(limit), own_(split_origin(request.url.origin)) {
    if (own_.scheme.empty()) own_.scheme = "https";
    decoded_path_ = decoded_path(request.url.target);
  }

  std::vector<UrlCandidate> list() {
    hosts_ = hosts_to_try(request_, own_);
    for (const bool other_scheme : {false, true}) {
      const bool https = equals_ignoring_case(own_.scheme, "https") != other_scheme;
      for (const Host& host : hosts_) {
        ports_.push_back(ports_to_try(request_, host, own_, https));
      }
    }
    combine();
    std::ranges::stable_sort(combinations_, {}, &Combination::cost);
    return take_first();
  }

 private:
  void combine() {
    auto ports = ports_.begin();
    for (const bool other_scheme : {false, true}) {
      for (const Host& host : hosts_) {
        for (const Port& port : *ports++) {
          const int cost = (other_scheme ? kOtherScheme : 0) + host.cost + port.cost;
          add_paths({other_scheme, &host, port.text, true, false, "", "", cost});
        }
      }
    }
  }

  void add_paths(Combination combination) {
    const bool slash = slash_may_differ(request_.url.target);
    const int cost = combination.cost;
    for (const bool with_prefix : {true, false}) {
      if (!with_prefix && own_.prefix.empty()) continue;
      for (const bool other_slash : {false, true}) {
        if (other_slash && !slash) continue;
        combination.with_prefix = with_prefix;
        combination.other_slash = other_slash;
        combination.cost = cost + (with_prefix ? 0 : kNoPrefix) + (other_slash ? kOtherSlash : 0);
        combinations_.push_back(combination);
      }
    }
    combination.other_slash = false;
    add_other_paths(combination, cost);
  }

  // Paths that the request names, and the one that Plivo may have signed in place of escapes.
  void add_other_paths(Combination combination, int cost) {
    const std::string_view own = path_of(request_.url.target);
    combination.with_prefix = false;
    combination.cost = cost + kOtherPath;
    for (const std::string_view path : request_.paths) {
      const bool longer = path.ends_with(own);
      combination.in_front = longer ? path.substr(0, path.size() - own.size()) : "";
      combination.path = longer ? "" : path;
      combinations_.push_back(combination);
    }
    if (decoded_path_ == own) return;
    combination.with_prefix = true;
    combination.in_front = "";
    combination.path = decoded_path_;
    combination.cost = cost + kDecodedPath;
    combinations_.push_back(combination);
  }

  std::vector<UrlCandidate> take_first() const {
    std::vector<UrlCandidate> candidates;
    for (const Combination& combination : combinations_) {
      if (candidates.size() == limit_) break;
      UrlCandidate candidate = {origin_of(combination, own_),
                                target_of(combination, request_.url.target),
                                combination.host->from_request};
      if (!is_known(candidate, candidates)) candidates.push_back(std::move(candidate));
    }
    return candidates;
  }

  // Origin and target are compared apart: what one loses the other never gains.
  bool is_known(const UrlCandidate& candidate, const std::vector<UrlCandidate>& taken) const {
    if (candidate.origin == request_.url.origin && candidate.target == request_.url.target) {
      return true;
    }
    return std::ranges::any_of(taken, [&](const UrlCandidate& other) {
      return other.origin == candidate.origin && other.target == candidate.target;
    });
  }

  const RefusedRequest& request_;
  std::size_t limit_;
  Origin own_;
  std::string decoded_path_;
  std::vector<Host> hosts_;
  std::vector<std::vector<Port>> ports_;  // of each scheme and host
  std::vector<Combination> combinations_;
};

}  // namespace

std::string decoded_path(std::string_view target) {
  std::string_view rest = path_of(target);
  std::string out;
  while (!rest.empty()) {
    unsigned value = 0;
    const char* const digits = rest.data() + 1;
    const bool escape = rest.front() == '%' && rest.size() > 2 &&
                        std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2;
    out.push_back(escape ? static_cast<char>(value) : rest.front());
    rest.remove_prefix(escape ? 3 : 1);
  }
  return out;
}

std::vector<UrlCandidate> url_candidates(const RefusedRequest& request, std::size_t limit) {
  return Candidates(request, limit).list();
}

}  // namespace plivo_dial
