import type {
  Equipment as EquipmentName,
  ExerciseKind as ExerciseKindName,
  Muscle as MuscleName,
  RecordKind as RecordKindName,
  SetKind as SetKindName,
  WeightUnit as WeightUnitName,
  WorkoutStatus as WorkoutStatusName,
  WorkoutVisibility as WorkoutVisibilityName,
} from '../../domain/workout/rules.ts'
import { enumOf } from '../enums.ts'

export const ExerciseKind = enumOf<ExerciseKindName>('ExerciseKind', 'What a set of an exercise says.', {
  WEIGHT_AND_REPS: 'Weight and repetitions: a bench press.',
  BODYWEIGHT_REPS: 'Repetitions, and a weight where one is added: a pull-up.',
  TIME: 'How long, and a weight where one is added: a plank.',
  DISTANCE: 'How far, and how long that took: a run.',
  WEIGHT_AND_DISTANCE: 'How far with which weight: a farmer’s walk.',
})

export const MuscleGroup = enumOf<MuscleName>('MuscleGroup', 'What an exercise trains.', {
  CHEST: 'Chest.',
  UPPER_BACK: 'Upper back.',
  LATS: 'Lats: the sides of the back.',
  LOWER_BACK: 'Lower back.',
  TRAPS: 'Trapezius: between neck and shoulders.',
  SHOULDERS: 'Shoulders.',
  BICEPS: 'Front of the upper arms.',
  TRICEPS: 'Back of the upper arms.',
  FOREARMS: 'Forearms and grip.',
  ABS: 'Front of the trunk.',
  OBLIQUES: 'Sides of the trunk.',
  HIP_FLEXORS: 'Front of the hips.',
  GLUTES: 'Seat.',
  QUADRICEPS: 'Front of the thighs.',
  HAMSTRINGS: 'Back of the thighs.',
  ADDUCTORS: 'Inside of the thighs.',
  ABDUCTORS: 'Outside of the hips.',
  CALVES: 'Calves.',
  NECK: 'Neck.',
  FULL_BODY: 'All of it.',
  CARDIO: 'Heart and lungs.',
})

export const ExerciseEquipment = enumOf<EquipmentName>('ExerciseEquipment', 'What an exercise is done with.', {
  NONE: 'Nothing but the body.',
  BARBELL: 'A barbell.',
  DUMBBELL: 'Dumbbells.',
  KETTLEBELL: 'A kettlebell.',
  MACHINE: 'A machine with a seat, pads or rails.',
  CABLE: 'A cable machine.',
  BAND: 'An elastic band.',
  PULL_UP_BAR: 'A bar to hang from.',
  SUSPENSION: 'Straps or rings.',
  CARDIO_MACHINE: 'A treadmill, a stationary bike, …',
  OTHER: 'Something else.',
})

export const WorkoutSetKind = enumOf<SetKindName>('WorkoutSetKind', 'What a set is for.', {
  WARM_UP: 'To get warm; it counts neither for volume nor for records.',
  NORMAL: 'A working set.',
  DROP: 'Straight after another one, with less weight.',
  FAILURE: 'Until nothing goes any more.',
})

export const WorkoutStatus = enumOf<WorkoutStatusName>('WorkoutStatus', 'Where a workout is in its life.', {
  PLANNED: 'It is to be done.',
  IN_PROGRESS: 'It has begun.',
  DONE: 'It was finished.',
  SKIPPED: 'It was not done, and counts as such.',
  CANCELLED: 'It was called off, and does not count.',
})

export const WorkoutVisibility = enumOf<WorkoutVisibilityName>(
  'WorkoutVisibility',
  'Who may see a workout or a plan. Nobody else does, staff included.',
  {
    PRIVATE: 'Its owner alone.',
    FOLLOWERS: 'Those who follow its owner.',
    PUBLIC: 'Everybody.',
  },
)

export const WeightUnit = enumOf<WeightUnitName>('WeightUnit', 'In what a weight is given.', {
  KG: 'Kilograms.',
  LB: 'Pounds: 0.45359237 kg each.',
})

export const RecordKind = enumOf<RecordKindName>('RecordKind', 'In what somebody was better than ever before.', {
  ONE_REP_MAX: 'The highest one-rep max, estimated after Epley.',
  MAX_WEIGHT: 'The heaviest weight.',
  MOST_REPS: 'The most repetitions in a set.',
  LONGEST_DISTANCE: 'The longest distance in a set.',
  LONGEST_TIME: 'The longest time in a set.',
})

export const ExerciseOrder = enumOf<'NAME' | 'LATEST_DONE' | 'MOST_DONE'>(
  'ExerciseOrder',
  'In which order exercises are listed. Who is not signed in has done none, and gets them by name.',
  {
    NAME: 'By name.',
    LATEST_DONE: 'What the viewer did last first; what they never did by name behind it.',
    MOST_DONE: 'What the viewer did in most workouts first; what they never did by name behind it.',
  },
)

export const WorkoutPlanOrder = enumOf<'NEWEST' | 'LATEST_CHANGED' | 'NAME'>(
  'WorkoutPlanOrder',
  'In which order plans are listed.',
  {
    NEWEST: 'The newest first.',
    LATEST_CHANGED: 'What was changed last first.',
    NAME: 'By name.',
  },
)

export const WorkoutOrder = enumOf<'NEXT' | 'LATEST'>('WorkoutOrder', 'In which order workouts are listed.', {
  NEXT: 'By when they are planned for, the earliest first.',
  LATEST: 'By when they are planned for, the latest first.',
})
