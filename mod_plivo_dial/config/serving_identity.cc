// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/config/serving_identity.h"

#include <grp.h>
#include <unistd.h>

#include <vector>

#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {
namespace {

std::vector<gid_t> groups_of_user(const char* name, gid_t gid) {
  int count = 64;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  if (name == nullptr || getgrouplist(name, gid, groups.data(), &count) < 0) return {};
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

std::vector<gid_t> own_groups() {
  const int count = getgroups(0, nullptr);
  if (count <= 0) return {};
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  if (getgroups(count, groups.data()) < 0) return {};
  return groups;
}

}  // namespace

Identity serving_identity() {
  if (geteuid() != 0) return {geteuid(), getegid(), own_groups()};
  const gid_t gid = ap_unixd_config.group_id;
  return {ap_unixd_config.user_id, gid, groups_of_user(ap_unixd_config.user_name, gid)};
}

bool names_other_user() {
  return ap_unixd_config.user_name != nullptr &&
         ap_unixd_config.user_id != static_cast<uid_t>(-1) && ap_unixd_config.user_id != geteuid();
}

bool lacks_user() {
  return geteuid() == 0 && ap_unixd_config.user_id == static_cast<uid_t>(-1);
}

}  // namespace plivo_dial
