# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
# Reads every declaration of the tree without building anything:
#   cmake -DLIST=<file with one CMakeLists.txt path a line> -DOUTPUT=<file> -P declare.cmake
# Each call becomes a record: a line `@ <kind>\t<file>`, then one argument a line.

set(records "")

function(record kind)
  string(APPEND records "@ ${kind}\t${CMAKE_CURRENT_LIST_FILE}\n")
  foreach(argument IN LISTS ARGN)
    string(APPEND records "${argument}\n")
  endforeach()
  set_property(GLOBAL APPEND_STRING PROPERTY ATOLL_RECORDS "${records}")
endfunction()

macro(micro_interface)
  record(interface ${ARGN})
endmacro()

macro(micro_library)
  record(library ${ARGN})
endmacro()

macro(micro_app)
  record(app ${ARGN})
endmacro()

file(STRINGS "${LIST}" files)
foreach(file IN LISTS files)
  include("${file}")
endforeach()

get_property(all GLOBAL PROPERTY ATOLL_RECORDS)
file(WRITE "${OUTPUT}" "${all}")
