// SPDX-License-Identifier: Apache-2.0
#include "lib/calendar/libical_lock.h"

#include <libical/ical.h>

namespace plivo_dial {

Mutex& libical_mutex() {
  static Mutex mutex;
  return mutex;
}

void prepare_libical() {
  icalerror_set_errors_are_fatal(0);
  ical_set_unknown_token_handling_setting(ICAL_ASSUME_IANA_TOKEN);
}

}  // namespace plivo_dial
