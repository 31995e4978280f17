// File: lib/api/form_handle.h
//
// What a plivo_dial_form of plivo_dial.h is: forms are handles of their own, and parts of others.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/api/plivo_dial.h"
#include "lib/form/form.h"

struct plivo_dial_form {
  plivo_dial::Form form;
};
