// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor/probe_answer.h"

namespace plivo_dial::ctl {

bool is_of_module(const ProbeAnswer& answer) {
  return answer.mark.ours || is_our_refusal(answer.reply, answer.reply.body) ||
         (answer.method == "PATCH" && is_our_method_refusal(answer.reply));
}

}  // namespace plivo_dial::ctl
